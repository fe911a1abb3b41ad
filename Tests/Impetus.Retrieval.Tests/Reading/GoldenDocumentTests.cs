using System.Text;
using System.Text.Json;
using Impetus.Retrieval.Reading;
using Impetus.Retrieval.Reading.PlainText;
using Impetus.Tests;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>Every file of the fixtures, read in this process and compared with what its producers meant.</summary>
public sealed class GoldenDocumentTests
{
    public static TheoryData<string> Readable => [.. GoldenDocument.Names.Where(name => !GoldenDocument.Named(name).MustFail)];

    public static TheoryData<string> Refused => [.. GoldenDocument.Names.Where(name => GoldenDocument.Named(name).MustFail)];

    [Theory, MemberData(nameof(Readable))]
    public void A_readable_file_says_what_its_producer_meant(string name)
    {
        GoldenDocument golden = GoldenDocument.Named(name);
        ExtractedDocument document = new DocumentReader().Read(golden.Bytes, name);
        List<string> faults = [.. Faults(golden, document)];
        Assert.True(faults.Count == 0, $"{name}:\n  {string.Join("\n  ", faults)}\n--- text ---\n{document.Text[..Math.Min(document.Text.Length, 4000)]}");
    }

    [Theory, MemberData(nameof(Refused))]
    public void A_bad_file_is_refused_for_its_own_reason(string name)
    {
        GoldenDocument golden = GoldenDocument.Named(name);
        ReadException error = Assert.Throws<ReadException>(() => new DocumentReader().Read(golden.Bytes, name));
        Assert.Contains(error.Code, golden.AcceptedErrors);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Readable))]
    public void Ranges_of_pages_blocks_and_headings_fit_the_text(string name)
    {
        ExtractedDocument document = new DocumentReader().Read(GoldenDocument.Named(name).Bytes, name);
        int end = 0;
        foreach (PageRange page in document.Pages)
        {
            Assert.Equal(end, page.Start);
            end = page.End;
        }
        Assert.Equal(document.Text.Length, end);
        end = 0;
        foreach (TextBlock block in document.Blocks)
        {
            Assert.True(block.Start >= end && block.Length > 0);
            Assert.True(string.IsNullOrWhiteSpace(document.Text[end..block.Start]), "Text between blocks belongs to none.");
            end = block.End;
        }
        foreach (Heading heading in document.Headings)
        {
            Assert.Equal(heading.Text, document.Text.Substring(heading.Start, heading.Text.Length));
            Assert.Equal(heading.Page, document.PageAt(heading.Start));
        }
        Assert.DoesNotContain(document.Text, c => char.IsControl(c) && c is not ('\n' or '\t'));
    }

    private static IEnumerable<string> Faults(GoldenDocument golden, ExtractedDocument document)
    {
        string whole = GoldenDocument.Comparable(document.Text);
        string[] pages = [.. document.Pages.Select(page => GoldenDocument.Comparable(document.TextOf(page)))];
        if (document.Kind.Name() != golden.Text("kind"))
            yield return $"kind {document.Kind.Name()}";
        if (golden.Number("pages") is { } count && document.Pages.Count != count)
            yield return $"{document.Pages.Count} pages, not {count}";
        foreach (JsonElement sentence in golden.Items("sentences"))
        {
            string text = sentence.GetProperty("text").GetString()!;
            bool hard = sentence.TryGetProperty("hard", out JsonElement value) && value.GetBoolean();
            string place = sentence.TryGetProperty("page", out JsonElement page) ? pages.ElementAtOrDefault(page.GetInt32() - 1) ?? "" : whole;
            if (!hard && !place.Contains(GoldenDocument.Comparable(text), StringComparison.Ordinal))
                yield return $"missing: {text}";
        }
        foreach (string text in golden.List("not_contains").Concat(golden.List("boilerplate")))
            if (whole.Contains(GoldenDocument.Comparable(text), StringComparison.Ordinal))
                yield return $"should be absent: {text}";
        foreach (string text in golden.List("footnotes"))
            if (!document.Blocks.Any(block => block.Kind == BlockKind.Note && Contains(document.Text.Substring(block.Start, block.Length), text)))
                yield return $"no note: {text}";
        foreach (string text in golden.List("running"))
            if (Contains(document.Text, text) || !document.RunningText.Any(running => Contains(running, text)))
                yield return $"running text not recognised: {text}";
        foreach (string text in golden.List("attachments"))
            if (!document.Attachments.Contains(text))
                yield return $"no attachment {text}";
        if (golden.Text("title") is { } title && document.Title != title)
            yield return $"title {document.Title}";
        if (golden.Text("subject") is { } subject && document.Title != subject)
            yield return $"subject {document.Title}";
        if (golden.Number("rows") is { } rows && document.Rows != rows)
            yield return $"{document.Rows} rows, not {rows}";
        if (golden.Text("encoding") is { } encoding && TextDecoder.FromLabel(encoding)!.CodePage != TextDecoder.FromLabel(document.Encoding!.Value.Name)!.CodePage
            && !encoding.StartsWith("utf", StringComparison.Ordinal))
            yield return $"encoding {document.Encoding}, not {encoding}";
        if (!IsSubsequence(golden.List("headings"), document.Headings.Select(heading => heading.Text)))
            yield return $"headings: {string.Join(" | ", document.Headings.Select(heading => heading.Text))}";
        if (golden.List("headings").Any() && document.Headings.Count > golden.List("headings").Count() + 3)
            yield return $"too many headings: {string.Join(" | ", document.Headings.Select(heading => heading.Text))}";
        if (!golden.List("outline").SequenceEqual(golden.List("outline").Any() ? document.Outline.Select(entry => entry.Title) : []))
            yield return $"outline: {string.Join(" | ", document.Outline.Select(entry => entry.Title))}";
        foreach (string text in golden.List("not_headings"))
            if (document.Headings.Any(heading => Contains(heading.Text, text)))
                yield return $"no heading: {text}";
        foreach (string sheet in golden.List("sheets"))
            if (!document.Headings.Any(heading => heading.Text == sheet))
                yield return $"no sheet {sheet}";
        foreach (JsonElement cell in golden.Items("table_cells"))
            if (!HasCell(document, cell))
                yield return $"no cell {cell}";
        if (golden.Entry.TryGetProperty("fields", out JsonElement fields))
            foreach (JsonProperty field in fields.EnumerateObject())
                if (field.Value.ValueKind == JsonValueKind.String && !Contains(document.Text, field.Value.GetString()!))
                    yield return $"no field {field.Name}";
        foreach (JsonElement warning in golden.Items("warnings"))
            if (!document.Warnings.Any(found => found.Code == warning.GetProperty("code").GetString()
                && found.Pages.SequenceEqual(warning.GetProperty("pages").EnumerateArray().Select(page => page.GetInt32()))))
                yield return $"no warning {warning}";
        foreach (JsonElement empty in golden.Items("empty_pages"))
            if (pages[empty.GetInt32() - 1].Length > 0)
                yield return $"page {empty} is not empty";
    }

    private static bool Contains(string text, string part) =>
        GoldenDocument.Comparable(text).Contains(GoldenDocument.Comparable(part), StringComparison.Ordinal);

    // A heading's number may or may not be taken for a part of it.
    private static bool IsSubsequence(IEnumerable<string> expected, IEnumerable<string> found)
    {
        Queue<string> left = new(expected.Select(GoldenDocument.Comparable));
        foreach (string item in found.Select(GoldenDocument.Comparable))
            if (left.Count > 0 && (left.Peek() == item || left.Peek() == item.TrimStart('.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')))
                left.Dequeue();
        return left.Count == 0;
    }

    private static bool HasCell(ExtractedDocument document, JsonElement cell)
    {
        string text = cell.TryGetProperty("date", out JsonElement date) ? date.GetString()! : cell.GetProperty("text").GetString()!;
        return cell.TryGetProperty("cell", out JsonElement address)
            ? TablesOf(document, cell.GetProperty("sheet").GetString()!).Any(table => table.Any(row => IsAt(row, address.GetString()![0] - 'A', text)))
            : TablesOf(document, null).Any(table => cell.GetProperty("row").GetInt32() is var row && row < table.Length && IsAt(table[row], cell.GetProperty("column").GetInt32(), text));
    }

    private static bool IsAt(string row, int column, string text) =>
        row.Split('\t').ElementAtOrDefault(column) is { } found && GoldenDocument.Comparable(found) == GoldenDocument.Comparable(text);

    // The tables of the document, or those after the heading of a sheet, as lines.
    private static IEnumerable<string[]> TablesOf(ExtractedDocument document, string? sheet)
    {
        string? current = null;
        foreach (TextBlock block in document.Blocks)
        {
            string text = document.Text.Substring(block.Start, block.Length);
            if (block.Kind == BlockKind.Heading)
                current = text;
            else if (block.Kind == BlockKind.Table && (sheet is null || sheet == current))
                yield return text.Split('\n');
        }
    }
}
