using System.CommandLine;
using System.Runtime.InteropServices;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Observability;

namespace Impetus.Server.Cli;

/// <summary>`impetus serve`, and `impetus` alone: serves until it is told to stop.</summary>
internal static class ServeCommand
{
    public static void AddTo(Command root)
    {
        var options = new SettingOptions();
        var serve = new Command("serve", "Serves OpenAI's API on this machine (also without the word).");
        foreach (var command in new[] { root, serve })
        {
            options.AddTo(command);
            command.SetAction((parsed, _) => RunAsync(options.Read(parsed), Console.Out));
        }

        root.Subcommands.Add(serve);
    }

    private static async Task<int> RunAsync(ServerSettings settings, TextWriter output)
    {
        // What cannot work is told before a port is taken.
        string model = ModelFolders.Of(settings).Resolve(settings.Model).Id;
        using var stop = new StopSignals();
        await using var server = await ImpetusServer.StartAsync(settings, LogToConsole);
        await Greeting.WriteAsync(output, server, settings, model, showKey: !Console.IsOutputRedirected);

        // A model that is held back after a crash can still be asked for.
        if (await Task.WhenAny(server.Models.Loaded, stop.First) == server.Models.Loaded && server.Models.HeldBack is null)
            await server.Models.Loaded;
        await stop.First;

        await Console.Error.WriteLineAsync("Stopping: running requests may finish. Once more stops at once.");
        await server.StopAsync(stop.Second);
        return ExitCode.Ok;
    }

    private static void LogToConsole(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ILoggerProvider>(new ConsoleLog(Console.Error));
        // That a model cannot be loaded is what the command ends with; once is enough.
        builder.Logging.AddFilter<ConsoleLog>(typeof(ModelHost).FullName, level => level < LogLevel.Error);
    }

    /// <summary>Ctrl-C and SIGTERM: the first asks to stop, the second to hurry.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _second = new();
        private readonly PosixSignalRegistration[] _registrations;

        public StopSignals() => _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Receive),
        ];

        public Task First => _first.Task;

        public CancellationToken Second => _second.Token;

        public void Dispose()
        {
            foreach (var registration in _registrations)
                registration.Dispose();
            _second.Dispose();
        }

        private void Receive(PosixSignalContext context)
        {
            context.Cancel = true;
            if (!_first.TrySetResult())
                _second.Cancel();
        }
    }
}
