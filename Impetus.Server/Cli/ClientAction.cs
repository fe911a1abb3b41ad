using System.CommandLine;

namespace Impetus.Server.Cli;

/// <summary>What short commands that are clients of the server have in common: its settings, `--json`, perhaps a name.</summary>
internal static class ClientAction
{
    /// <summary>Does a command's work. The name is empty for a command that takes none.</summary>
    public delegate Task Work(ServerConnection server, string name, bool asJson, CancellationToken cancel);

    /// <param name="command">Gets options and action.</param>
    /// <param name="nameHelp">What the command's one argument is; null for none.</param>
    /// <param name="work">The action.</param>
    /// <param name="need">Which server it works with.</param>
    public static void Set(Command command, string? nameHelp, Work work, ServerNeed need = ServerNeed.Model) =>
        Set(command, nameHelp, _ => work, need);

    /// <summary>The same for a command with options of its own, which <paramref name="work"/> reads.</summary>
    public static void Set(Command command, string? nameHelp, Func<ParseResult, Work> work, ServerNeed need)
    {
        var settings = new SettingOptions();
        var asJson = new Option<bool>("--json") { Description = "Write JSON, for scripts." };
        var name = new Argument<string>("name") { Description = nameHelp };
        if (nameHelp is not null)
            command.Arguments.Add(name);
        command.Options.Add(asJson);
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var server = await ServerConnection.OpenAsync(settings.Read(parsed), cancel, need);
            await work(parsed)(server, nameHelp is null ? "" : parsed.GetRequiredValue(name), parsed.GetValue(asJson), cancel);
            return ExitCode.Ok;
        });
    }
}
