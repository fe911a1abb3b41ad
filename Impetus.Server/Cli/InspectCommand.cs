using System.CommandLine;

namespace Impetus.Server.Cli;

/// <summary>
/// `impetus inspect`: what each part makes of an input, for people who debug models and for checks from outside. Runs in its own
/// process; standard output carries JSON alone.
/// </summary>
internal static class InspectCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var inspect = new Command("inspect", "Shows what tokenizer, template, model or document reader make of an input, as JSON.");
        InspectTokens.AddTo(inspect, streams);
        InspectPrompt.AddTo(inspect, streams);
        InspectLogits.AddTo(inspect, streams);
        InspectDocument.AddTo(inspect, streams);
        root.Subcommands.Add(inspect);
    }
}
