using System.Globalization;
using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>
/// Citations for people: each place once, its words, its file (a link where the terminal has such, to the page where it is a PDF), and the
/// command that shows it.
/// </summary>
/// <param name="output">Where to. Lines are not wrapped: a terminal does that, and a pipe should not see it.</param>
/// <param name="links">Whether the terminal knows hyperlinks (OSC 8).</param>
internal sealed class CitationText(TextWriter output, bool links)
{
    /// <summary>Writes what an answer stands on, and how much of it on nothing.</summary>
    /// <param name="citations">The answer's, as the server tells them.</param>
    public void Write(JsonElement citations)
    {
        var all = citations.EnumerateArray().ToList();
        var supported = all.Where(citation => citation.GetProperty("supported").GetBoolean()).ToList();
        foreach (var citation in supported.DistinctBy(Place))
        {
            output.WriteLine();
            WriteOne(citation);
        }

        int unsupported = all.Count - supported.Count;
        if (unsupported == 0)
            return;
        output.WriteLine();
        output.WriteLine(unsupported == 1
            ? "One sentence is not supported by the documents."
            : string.Create(CultureInfo.InvariantCulture, $"{unsupported} sentences are not supported by the documents."));
    }

    private void WriteOne(JsonElement citation)
    {
        int? page = citation.GetProperty("page") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
        string onPage = page is null ? "" : string.Create(CultureInfo.InvariantCulture, $", page {page}");
        output.WriteLine($"[{citation.GetProperty("evidence").GetRawText()}] {TerminalText.OneLine(Text(citation, "title"))}{onPage}");
        output.WriteLine($"    \"{TerminalText.OneLine(Text(citation, "quote"))}\"");
        if (FileOf(Text(citation, "source")) is { } file)
            output.WriteLine($"    {Linked(file, page)}");
        if (Text(citation, "document_id") is { Length: > 0 } id)
            output.WriteLine($"    impetus documents quote {id} {citation.GetProperty("start").GetRawText()}-{citation.GetProperty("end").GetRawText()}");
    }

    private string Linked(string file, int? page)
    {
        string shown = TerminalText.OneLine(file);
        if (!links)
            return shown;
        string address = new Uri(file).AbsoluteUri;
        if (page is not null && file.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))
            address += string.Create(CultureInfo.InvariantCulture, $"#page={page}");
        return $"\u001b]8;;{address}\u001b\\{shown}\u001b]8;;\u001b\\";
    }

    private static (string, int, int) Place(JsonElement citation) =>
        (Text(citation, "document_id") + Text(citation, "source"), citation.GetProperty("start").GetInt32(), citation.GetProperty("end").GetInt32());

    /// <summary>The file of a source, if it is a path on this machine.</summary>
    private static string? FileOf(string source) => Path.IsPathFullyQualified(source) && File.Exists(source) ? source : null;

    private static string Text(JsonElement citation, string member) => citation.GetProperty(member).GetString() ?? "";
}
