using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// SpreadsheetML: each visible sheet is a heading with its name, its rows are a table
/// (several, where empty rows part them), a row a line. Values appear as their number format shows what they
/// are (dates as ISO 8601, percentages); a formula counts by its stored result, and without one its cell is empty.
/// </summary>
internal sealed class XlsxReader
{
    // A lonely cell far to the right does not fill its row with emptiness.
    private const int MaxGap = 50;

    private readonly ReadingBudget _budget;
    private readonly List<string> _strings = [];
    private readonly CellFormats _formats;

    private XlsxReader(OfficePackage package, XElement workbook, Dictionary<string, (string Type, string Target)> related, ReadingBudget budget)
    {
        _budget = budget;
        bool from1904 = workbook.Child("workbookPr")?.Get("date1904") is "1" or "true";
        _formats = new CellFormats(related.Values.FirstOrDefault(part => part.Type == "styles").Target is { } styles ? package.Load(styles) : null, from1904);
        if (related.Values.FirstOrDefault(part => part.Type == "sharedStrings").Target is { } strings && package.Open(strings) is { } reader)
            using (reader)
                SharedStrings(reader);
    }

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        using ZipFile zip = ZipFile.Open(file.Content, file.Budget);
        OfficePackage package = new(zip);
        package.ReadProperties(document);
        SafeXml.Guard("a sheet", () =>
        {
            Read(package, document, file.Budget);
            return true;
        });
    }

    private static void Read(OfficePackage package, DocumentBuilder document, ReadingBudget budget)
    {
        XElement workbook = package.Load(package.MainPart) ?? throw ReadException.Damaged("its main part is missing");
        Dictionary<string, (string Type, string Target)> related = package.RelationshipsOf(package.MainPart);
        XlsxReader workbookReader = new(package, workbook, related, budget);
        foreach (XElement sheet in workbook.Child("sheets")?.Elements() ?? [])
        {
            string name = sheet.Get("name") ?? "";
            if (sheet.Get("state") is "hidden" or "veryHidden")
            {
                document.Warn("hidden_sheet", $"The hidden sheet \"{name}\" was not read.");
                continue;
            }
            string? id = sheet.Attributes().FirstOrDefault(attribute => attribute.Name is { LocalName: "id", NamespaceName.Length: > 0 })?.Value;
            if (id is null || !related.TryGetValue(id, out (string Type, string Target) part) || part.Type != "worksheet" || package.Open(part.Target) is not { } reader)
                continue;
            document.Heading(1, name);
            using (reader)
                workbookReader.Tables(reader, document);
        }
    }

    private void SharedStrings(XmlReader reader)
    {
        reader.MoveToContent();
        reader.Read();
        while (!reader.EOF)
        {
            _budget.Check();
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "si")
                _strings.Add(TextOf((XElement)XNode.ReadFrom(reader)));
            else
                reader.Read();
        }
    }

    // An empty row parts one table from the next.
    private void Tables(XmlReader reader, DocumentBuilder document)
    {
        List<IReadOnlyList<string>> rows = [];
        int previous = 0;
        while (!reader.EOF)
        {
            _budget.Check();
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "row")
            {
                reader.Read();
                continue;
            }
            XElement row = (XElement)XNode.ReadFrom(reader);
            int number = int.TryParse(row.Get("r"), NumberStyles.None, CultureInfo.InvariantCulture, out int told) ? told : previous + 1;
            List<string> cells = Row(row);
            bool empty = cells.All(string.IsNullOrWhiteSpace);
            if (empty || number > previous + 1)
            {
                document.Table(rows);
                rows.Clear();
            }
            if (!empty)
                rows.Add(cells);
            previous = number;
        }
        document.Table(rows);
    }

    private List<string> Row(XElement row)
    {
        List<string> cells = [];
        int column = 0;
        foreach (XElement cell in row.Elements().Where(element => element.Name.LocalName == "c"))
        {
            int at = cell.Get("r") is { } reference ? ColumnOf(reference) : column;
            for (int gap = Math.Min(at - column, MaxGap); gap > 0; gap--)
                cells.Add("");
            cells.Add(Value(cell));
            column = at + 1;
        }
        return cells;
    }

    private string Value(XElement cell)
    {
        string value = cell.Child("v")?.Value ?? "";
        return cell.Get("t") switch
        {
            "s" => int.TryParse(value, out int index) && index >= 0 && index < _strings.Count ? _strings[index] : "",
            "inlineStr" => cell.Child("is") is { } text ? TextOf(text) : "",
            "b" => value switch { "1" => "TRUE", "0" => "FALSE", _ => "" },
            "str" or "e" or "d" => value,
            _ => _formats.Display(value, cell.Get("s")),
        };
    }

    // Rich text is made of runs; phonetic readings are not part of it.
    private static string TextOf(XElement item)
    {
        StringBuilder text = new();
        foreach (XElement element in item.Elements())
            if (element.Name.LocalName == "t")
                text.Append(element.Value);
            else if (element.Name.LocalName == "r")
                text.Append(element.Child("t")?.Value);
        return text.ToString();
    }

    // "BC12" is column 54.
    private static int ColumnOf(string reference)
    {
        int column = 0;
        foreach (char letter in reference.TakeWhile(char.IsAsciiLetter).Take(3))
            column = (column * 26) + (char.ToUpperInvariant(letter) - 'A') + 1;
        return Math.Max(0, column - 1);
    }
}
