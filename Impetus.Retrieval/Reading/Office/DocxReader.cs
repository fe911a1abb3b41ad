using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// WordprocessingML: the document as it would print with all tracked changes accepted. Insertions and moved-to text count, deletions and hidden text
/// do not. Notes stand after the paragraph that refers to them; headers and footers are running text.
/// </summary>
internal sealed class DocxReader
{
    private readonly DocumentBuilder _document;
    private readonly OfficePackage _package;
    private readonly WordStyles _styles;
    private readonly Dictionary<string, XElement> _notes = new(StringComparer.Ordinal);
    private string _unfinished = "";

    private DocxReader(OfficePackage package, DocumentBuilder document)
    {
        (_package, _document) = (package, document);
        Dictionary<string, (string Type, string Target)> related = package.RelationshipsOf(package.MainPart);
        _styles = new WordStyles(Related(related, "styles"));
        foreach (string kind in (string[])["footnotes", "endnotes"])
            foreach (XElement note in Related(related, kind)?.Elements() ?? [])
                if (note.Get("id") is { } id && note.Get("type") is null or "normal")
                    _notes[kind[..^1] + id] = note;
    }

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        using ZipFile zip = ZipFile.Open(file.Content, file.Budget);
        OfficePackage package = new(zip);
        package.ReadProperties(document);
        XElement main = package.Load(package.MainPart) ?? throw ReadException.Damaged("its main part is missing");
        DocxReader reader = new(package, document);
        if (main.Child("body") is { } body)
            reader.Blocks(body);
        reader.FinishParagraph();
        foreach ((string type, string target) in package.RelationshipsOf(package.MainPart).Values)
            if (type is "header" or "footer" && package.Load(target) is { } part)
                document.Running(WordRuns.TextOf(part));
    }

    private void Blocks(XElement container)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (XElement element in container.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "p":
                    Paragraph(element);
                    break;
                case "tbl":
                    FinishParagraph();
                    Table(element);
                    break;
                case "sdt" or "sdtContent" or "customXml" or "smartTag" or "ins" or "moveTo":
                    Blocks(element);
                    break;
                case "AlternateContent":
                    if (WordRuns.Alternative(element) is { } chosen)
                        Blocks(chosen);
                    break;
            }
        }
    }

    private void Paragraph(XElement paragraph)
    {
        WordRuns runs = WordRuns.Of(paragraph);
        string text = _unfinished + runs.Text;
        XElement? properties = paragraph.Child("pPr");
        // A deleted paragraph mark: the next paragraph goes on in this one.
        if (properties?.Child("rPr")?.Child("del") is not null)
        {
            _unfinished = text;
            return;
        }
        _unfinished = "";
        if (_styles.HeadingLevel(properties) is { } level)
            _document.Heading(level, text);
        else if (_styles.IsListItem(properties) && !string.IsNullOrWhiteSpace(text))
            _document.ListItem("- " + text);
        else
            _document.Paragraph(text);
        foreach (XElement box in runs.TextBoxes)
            Blocks(box);
        Notes(runs.NoteIds);
    }

    private void FinishParagraph()
    {
        _document.Paragraph(_unfinished);
        _unfinished = "";
    }

    private void Notes(IEnumerable<string> ids)
    {
        foreach (string id in ids)
            if (_notes.Remove(id, out XElement? note))
                _document.Note(WordRuns.TextOf(note));
    }

    private void Table(XElement table)
    {
        List<IReadOnlyList<string>> rows = [];
        List<string> notes = [];
        XElement[] elements = [.. Unwrapped(table, "tr").Where(row => row.Child("trPr")?.Child("del") is null)];
        if (elements.All(row => Unwrapped(row, "tc").Count() < 2))
        {
            // A frame around text, not a table.
            foreach (XElement cell in elements.SelectMany(row => Unwrapped(row, "tc")))
                Blocks(cell);
            return;
        }
        foreach (XElement row in elements)
            rows.Add(Row(row, notes));
        _document.Table(rows);
        Notes(notes);
    }

    private static List<string> Row(XElement row, List<string> notes)
    {
        List<string> cells = [];
        Pad(cells, Number(row.Child("trPr")?.Child("gridBefore")));
        foreach (XElement cell in Unwrapped(row, "tc"))
        {
            XElement? properties = cell.Child("tcPr");
            // The lower cells of a vertical merge are empty, as is all that a horizontal merge covers but its first column.
            bool continued = properties?.Child("vMerge") is { } merge && merge.Get("val") is null or "continue";
            WordRuns runs = WordRuns.Of(cell);
            cells.Add(continued ? "" : runs.Text);
            notes.AddRange(runs.NoteIds);
            Pad(cells, Number(properties?.Child("gridSpan")) - 1);
        }
        return cells;
    }

    // Rows and cells may stand in content controls.
    private static IEnumerable<XElement> Unwrapped(XElement parent, string name)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (XElement child in parent.Elements())
            if (child.Name.LocalName == name)
                yield return child;
            else if (child.Name.LocalName is "sdt" or "sdtContent" or "customXml" or "ins")
                foreach (XElement inner in Unwrapped(child, name))
                    yield return inner;
    }

    private static int Number(XElement? element) =>
        int.TryParse(element?.Get("val"), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static void Pad(List<string> cells, int count)
    {
        for (int i = 0; i < Math.Min(count, 100); i++)
            cells.Add("");
    }

    private XElement? Related(Dictionary<string, (string Type, string Target)> related, string type) =>
        related.Values.FirstOrDefault(relationship => relationship.Type == type).Target is { } target ? _package.Load(target) : null;
}
