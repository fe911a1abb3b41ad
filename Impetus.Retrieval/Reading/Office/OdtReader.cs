using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>OpenDocument text (ISO/IEC 26300): headings by outline level, lists, tables, notes; deleted text of tracked changes does not count.</summary>
internal sealed class OdtReader
{
    private const int MaxRepeats = 100;

    private readonly DocumentBuilder _document;
    private readonly Dictionary<string, string> _parentStyles = new(StringComparer.Ordinal);
    private readonly List<XElement> _pending = [];

    private OdtReader(DocumentBuilder document, XElement content)
    {
        _document = document;
        foreach (XElement style in content.Child("automatic-styles")?.Elements() ?? [])
            if (style.Get("name") is { } name && style.Get("parent-style-name") is { } parent)
                _parentStyles[name] = parent;
    }

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        using ZipFile zip = ZipFile.Open(file.Content, file.Budget);
        if (Load(zip, "META-INF/manifest.xml") is { } manifest && manifest.Descendants().Any(element => element.Name.LocalName == "encryption-data"))
            throw ReadException.Encrypted();
        Properties(Load(zip, "meta.xml"), document);
        XElement content = Load(zip, "content.xml") ?? throw ReadException.Damaged("its content is missing");
        if (content.Child("body")?.Child("text") is { } text)
            new OdtReader(document, content).Blocks(text);
        foreach (XElement running in Load(zip, "styles.xml")?.Child("master-styles")?.Descendants() ?? [])
            if (running.Name.LocalName is "header" or "footer" or "header-left" or "footer-left")
                document.Running(string.Join('\n', running.Elements().Select(element => element.Value)));
    }

    private static XElement? Load(ZipFile zip, string part) => zip.Read(part) is { } bytes ? SafeXml.Load(bytes, part) : null;

    private static void Properties(XElement? meta, DocumentBuilder document)
    {
        XElement? properties = meta?.Child("meta");
        document.Title = properties?.Child("title")?.Value;
        document.Metadata("author", properties?.Child("creator")?.Value ?? properties?.Child("initial-creator")?.Value);
        document.Metadata("subject", properties?.Child("subject")?.Value);
        document.Metadata("language", properties?.Child("language")?.Value);
        document.Metadata("created", properties?.Child("creation-date")?.Value);
        document.Metadata("modified", properties?.Child("date")?.Value);
    }

    private void Blocks(XElement container, string marker = "")
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (XElement element in container.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "h":
                    int level = int.TryParse(element.Get("outline-level"), NumberStyles.None, CultureInfo.InvariantCulture, out int told) ? told : 1;
                    _document.Heading(level, Inline(element));
                    WritePending();
                    break;
                case "p":
                    Paragraph(element, marker);
                    marker = "";
                    break;
                case "list":
                    foreach (XElement item in element.Elements())
                        Blocks(item, "- ");
                    break;
                case "table":
                    Table(element);
                    break;
                case "tracked-changes" or "table-of-content" or "illustration-index" or "sequence-decls" or "forms":
                    break;
                default:
                    // section, index bodies, frames and groups of shapes
                    Blocks(element);
                    break;
            }
        }
    }

    private void Paragraph(XElement paragraph, string marker)
    {
        string text = Inline(paragraph);
        if (StyleOf(paragraph) == "Title")
            _document.Heading(1, text);
        else if (marker.Length > 0 && !string.IsNullOrWhiteSpace(text))
            _document.ListItem(marker + text);
        else
            _document.Paragraph(text);
        WritePending();
    }

    // Automatic styles carry a paragraph's own formatting; their parent is the style that was chosen by name.
    private string? StyleOf(XElement paragraph) =>
        paragraph.Get("style-name") is { } name ? _parentStyles.GetValueOrDefault(name, name) : null;

    private void WritePending()
    {
        XElement[] pending = [.. _pending];
        _pending.Clear();
        foreach (XElement element in pending)
            if (element.Name.LocalName == "note-body")
                _document.Note(string.Join('\n', element.Elements().Select(Inline)));
            else
                Blocks(element);
    }

    private void Table(XElement table)
    {
        _document.Table(Rows(table));
        WritePending();
    }

    private IEnumerable<IReadOnlyList<string>> Rows(XElement table)
    {
        foreach (XElement row in table.Descendants().Where(element => element.Name.LocalName == "table-row" && Owner(element) == table))
        {
            List<string> cells = [];
            foreach (XElement cell in row.Elements().Where(element => element.Name.LocalName is "table-cell" or "covered-table-cell"))
            {
                string text = cell.Name.LocalName == "table-cell" ? string.Join('\n', cell.Elements().Select(Inline)) : "";
                for (int i = 0; i < Math.Min(Repeats(cell), MaxRepeats); i++)
                    cells.Add(text);
            }
            yield return cells;
        }
    }

    private static XElement? Owner(XElement row) => row.Ancestors().FirstOrDefault(element => element.Name.LocalName == "table");

    private static int Repeats(XElement cell) =>
        int.TryParse(cell.Get("number-columns-repeated"), NumberStyles.None, CultureInfo.InvariantCulture, out int repeats) ? repeats : 1;

    private string Inline(XElement paragraph)
    {
        StringBuilder text = new();
        Inline(paragraph, text);
        return text.ToString();
    }

    private void Inline(XElement container, StringBuilder text)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (XNode node in container.Nodes())
        {
            if (node is XText characters)
            {
                text.Append(characters.Value);
                continue;
            }
            if (node is not XElement element)
                continue;
            switch (element.Name.LocalName)
            {
                case "s":
                    text.Append(' ');
                    break;
                case "tab":
                    text.Append('\t');
                    break;
                case "line-break":
                    text.Append('\n');
                    break;
                case "note":
                    if (element.Child("note-body") is { } body)
                        _pending.Add(body);
                    break;
                case "text-box":
                    _pending.Add(element);
                    break;
                case "annotation" or "annotation-end" or "hidden-text" or "hidden-paragraph" or "ruby-text" or "image" or "object" or "title" or "desc" or "number":
                    break;
                case "p" or "h" or "list-item":
                    Inline(element, text);
                    text.Append('\n');
                    break;
                default:
                    Inline(element, text);
                    break;
            }
        }
    }
}
