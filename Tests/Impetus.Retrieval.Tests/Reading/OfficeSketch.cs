using System.IO.Compression;
using System.Text;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>Writes ZIP-based documents part by part.</summary>
internal static class OfficeSketch
{
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, string text) in parts)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        return bytes.ToArray();
    }

    public static byte[] Docx(string body, params (string Name, string Text)[] more) => Zip(
    [
        ("_rels/.rels", Relationships(("r1", "officeDocument", "word/document.xml"))),
        ("word/document.xml", $"""<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"""),
        .. more,
    ]);

    public static byte[] Xlsx(string sheet, string styles = "", string workbook = "") => Zip(
        ("_rels/.rels", Relationships(("r1", "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", Relationships(("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "styles", "/xl/styles.xml"), ("r3", "worksheet", "worksheets/sheet2.xml"))),
        ("xl/workbook.xml", $"""<workbook xmlns:r="{Office}">{workbook}<sheets><sheet name="Log" r:id="r1"/><sheet name="Secret" state="hidden" r:id="r3"/></sheets></workbook>"""),
        ("xl/styles.xml", $"<styleSheet>{styles}</styleSheet>"),
        ("xl/worksheets/sheet1.xml", $"<worksheet><sheetData>{sheet}</sheetData></worksheet>"),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData><row><c t=\"str\"><v>hidden value</v></c></row></sheetData></worksheet>"));

    public static string Relationships(params (string Id, string Type, string Target)[] relationships) =>
        $"<Relationships>{string.Concat(relationships.Select(r => $"""<Relationship Id="{r.Id}" Type="{Office}/{r.Type}" Target="{r.Target}"/>"""))}</Relationships>";
}
