using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Impetus.Server.Cli;

/// <summary>`impetus status`: how the running server is, again every second on a terminal.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static void AddTo(Command root, CommandStreams streams)
    {
        var once = new Option<bool>("--once") { Description = "Tell it once and end, as where the output is no terminal." };
        var command = new Command("status", "Shows memory, requests, speed and the models in memory of the running server, live.") { once };
        ClientAction.Set(command, null, parsed => async (server, _, asJson, cancel) =>
        {
            if (asJson)
                await streams.WriteJsonAsync((await server.GetAsync("/api/status", cancel)).WriteTo);
            else if (parsed.GetValue(once) || !streams.Console.Profile.Out.IsTerminal)
                streams.Console.Write(StatusView.Of(await server.GetAsync("/api/status", cancel), streams.Console.Profile.Width));
            else
                await WatchAsync(server, streams.Console, cancel);
        }, ServerNeed.Running);
        root.Subcommands.Add(command);
    }

    private static async Task WatchAsync(ServerConnection server, IAnsiConsole console, CancellationToken cancel)
    {
        // The cursor must come back before the process ends.
        using var interrupt = new Interrupt(cancel);
        try
        {
            await console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
            {
                while (true)
                {
                    live.UpdateTarget(StatusView.Of(await server.GetAsync("/api/status", interrupt.Token), console.Profile.Width));
                    await Task.Delay(Pace, interrupt.Token);
                }
            });
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
    }
}
