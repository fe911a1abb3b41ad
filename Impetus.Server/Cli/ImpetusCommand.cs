using System.CommandLine;
using System.CommandLine.Help;
using Impetus.Retrieval.Reading.Worker;
using Impetus.Server.Documents;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>The `impetus` command: one file for each thing it can do. Without a word it serves.</summary>
internal static class ImpetusCommand
{
    /// <summary>The command with all its parts, under the name that people type, whatever the program's file is called.</summary>
    public static Command Create(CommandStreams streams)
    {
        var root = new Command("impetus", "Language models and documents on this machine, behind OpenAI's API.")
        {
            new HelpOption(), new VersionOption(),
        };
        ServeCommand.AddTo(root);
        ChatCommand.AddTo(root, streams);
        AskCommand.AddTo(root, streams);
        AddCommand.AddTo(root, streams);
        SearchCommand.AddTo(root, streams);
        DocumentsCommand.AddTo(root, streams);
        ModelsCommand.AddTo(root, streams);
        StatusCommand.AddTo(root, streams);
        KeysCommand.AddTo(root, streams);
        EvalCommand.AddTo(root, streams);
        DoctorCommand.AddTo(root, streams);
        BenchCommand.AddTo(root, streams);
        EmbedCommand.AddTo(root, streams);
        RerankCommand.AddTo(root, streams);
        InspectCommand.AddTo(root, streams);
        return root;
    }

    /// <param name="args">The words behind `impetus`.</param>
    /// <param name="streams">In the place of the process's own.</param>
    public static async Task<int> RunAsync(string[] args, CommandStreams? streams = null)
    {
        // The child that reads untrusted documents: no command of people's.
        if (args is [ReaderProgram.Argument])
            return await ReaderWorkerProgram.RunAsync();

        streams ??= CommandStreams.OfProcess();
        var parsed = Create(streams).Parse(args);
        // Signals are handled by those commands that have something to finish.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        try
        {
            int code = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (Exception fault)
        {
            await streams.Error.WriteLineAsync($"impetus: {fault.Message}");
            return fault switch
            {
                SettingsException => ExitCode.Usage,
                PortTakenException => ExitCode.PortTaken,
                ModelLoadException => ExitCode.ModelFailed,
                _ => ExitCode.Fault,
            };
        }
    }
}
