using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>Shows on a terminal how far the server is with a model that it loads or copies, while the request for it is under way.</summary>
internal static class ModelProgress
{
    /// <param name="streams">Where to show it.</param>
    /// <param name="server">Whose events are followed.</param>
    /// <param name="id">The model; null: whichever.</param>
    /// <param name="request">Sends the request; Ctrl-C cancels it, and the server then undoes what it began.</param>
    /// <param name="quiet">Shows nothing.</param>
    /// <param name="cancel">Stops following.</param>
    /// <returns>The answer to the request.</returns>
    /// <exception cref="ServerAnswerException">The server refused, or it was stopped by Ctrl-C.</exception>
    public static async Task<JsonElement> FollowAsync(
        CommandStreams streams, ServerConnection server, string? id, Func<CancellationToken, Task<JsonElement>> request, bool quiet, CancellationToken cancel)
    {
        var console = streams.Console;
        using var interrupt = new Interrupt(cancel);
        try
        {
            if (quiet || !console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
                return await request(interrupt.Token);
            return await console.Progress().AutoClear(true).Columns(new ModelProgressColumn()).StartAsync(async progress =>
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupt.Token);
                var following = ShowAsync(server, id, progress, over.Token);
                try
                {
                    return await request(interrupt.Token);
                }
                finally
                {
                    await over.CancelAsync();
                    await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });
        }
        catch (OperationCanceledException fault) when (interrupt.Token.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new ServerAnswerException("Stopped.", fault);
        }
    }

    private static async Task ShowAsync(ServerConnection server, string? id, ProgressContext progress, CancellationToken cancel)
    {
        var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
        await foreach (var happened in server.EventsAsync(cancel))
        {
            if (!happened.TryGetProperty("model", out var model) || !model.TryGetProperty("loaded_bytes", out var done) || !model.TryGetProperty("total_bytes", out var total))
                continue;
            string name = model.GetProperty("id").GetString()!;
            if (id is not null && name != id)
                continue;
            if (!tasks.TryGetValue(name, out var task))
                tasks[name] = task = progress.AddTask(TerminalText.OneLine($"{model.GetProperty("state").GetString()} {name}"));
            task.MaxValue = Math.Max(1, total.GetInt64());
            task.Value = done.GetInt64();
        }
    }
}
