using System.CommandLine;
using System.Globalization;
using Impetus.Retrieval.Chunking;
using Impetus.Server.Hosting;

namespace Impetus.Server.Cli;

/// <summary>`impetus documents quote`: a place that an answer cites, with what stands around it.</summary>
internal static class QuoteCommand
{
    private const int Around = 300;

    public static Command Create(CommandStreams streams)
    {
        var id = new Argument<string>("id") { Description = "The document's id." };
        var characters = new Argument<string>("characters") { Description = "First character and one past the last, as answers cite them: 518-560." };
        var settings = new SettingOptions();
        var command = new Command("quote", "Shows a place of a document that an answer cites, with what stands around it.") { id, characters };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (start, end) = Range(parsed.GetRequiredValue(characters));
            await using var server = await ServerConnection.OpenAsync(settings.Read(parsed), cancel);
            string path = $"/v1/documents/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/content";
            using var whole = await server.Client.GetAsync($"{path}?start=0&end=0", cancel);
            int length = (await ServerConnection.ReadAsync(whole, cancel)).GetProperty("characters").GetInt32();
            int first = Math.Max(0, start - Around), last = Math.Min(length, end + Around);
            using var part = await server.Client.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"{path}?start={first}&end={Math.Max(last, end)}"), cancel);
            string text = (await ServerConnection.ReadAsync(part, cancel)).GetProperty("text").GetString()!;
            int from = CodePoints.ToUtf16(text, start - first), to = CodePoints.ToUtf16(text, end - first);
            await streams.Text.WriteLineAsync(
                $"{TerminalText.Safe(text[..from])}»{TerminalText.Safe(text[from..to])}«{TerminalText.Safe(text[to..])}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static (int Start, int End) Range(string characters) =>
        characters.Split('-') is [var first, var last] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int start)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int end) && start <= end
            ? (start, end)
            : throw new SettingsException($"{characters} is no range of characters. Write it as answers cite it: 518-560.");
}
