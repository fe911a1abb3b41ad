using Impetus.Retrieval.Reading;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>One rule of the office formats at a time.</summary>
public sealed class OfficeReaderTests
{
    private static string Docx(string body) => new DocumentReader().Read(OfficeSketch.Docx(body), "sketch.docx").Text;

    private static string Cells(string row, string styles = "", string workbook = "") =>
        new DocumentReader().Read(OfficeSketch.Xlsx($"<row>{row}</row>", styles, workbook), "sketch.xlsx").Text["Log\n\n".Length..];

    private static string Run(string text) => $"<w:r><w:t>{text}</w:t></w:r>";

    [Fact]
    public void A_deleted_paragraph_mark_joins_two_paragraphs() =>
        Assert.Equal("One and two.\n\nThree.", Docx($"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{Run("One and ")}</w:p><w:p>{Run("two.")}</w:p><w:p>{Run("Three.")}</w:p>"));

    [Fact]
    public void A_deleted_row_is_no_row_and_a_wide_cell_keeps_the_columns_below_in_place() =>
        Assert.Equal("wide\t\tc\n1\t2\t3", Docx($"""
            <w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p>{Run("wide")}</w:p></w:tc><w:tc><w:p>{Run("c")}</w:p></w:tc></w:tr>
            <w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{Run("gone")}</w:p></w:tc><w:tc><w:p>{Run("gone")}</w:p></w:tc></w:tr>
            <w:tr><w:tc><w:p>{Run("1")}</w:p></w:tc><w:tc><w:p>{Run("2")}</w:p></w:tc><w:tc><w:p>{Run("3")}</w:p></w:tc></w:tr></w:tbl>
            """));

    [Fact]
    public void A_text_box_is_read_once_though_it_is_stored_twice() =>
        Assert.Equal("Around.\n\nInside.", Docx($"""
            <w:p>{Run("Around.")}<w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice><w:drawing><w:txbxContent><w:p>{Run("Inside.")}</w:p></w:txbxContent></w:drawing></mc:Choice>
            <mc:Fallback><w:pict><w:txbxContent><w:p>{Run("Inside.")}</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>
            """));

    [Fact]
    public void Hidden_text_and_field_instructions_are_not_read() =>
        Assert.Equal("Page 7", Docx($"""<w:p>{Run("Page ")}<w:r><w:instrText>PAGE</w:instrText></w:r>{Run("7")}<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"""));

    [Theory]
    [InlineData("yyyy\\-mm\\-dd", "38046", "2004-02-29")]
    [InlineData("[$-409]d\\-mmm\\-yy;@", "1", "1900-01-01")]
    [InlineData("h:mm:ss AM/PM", "0.75", "18:00")]
    [InlineData("[h]:mm", "1.5", "36:00:00")]
    [InlineData("0.0%", "0.155", "15.5%")]
    [InlineData("#,##0.00 \"days\"", "1204.5", "1204.5")]
    [InlineData("0.00E+00", "1204.5", "1204.5")]
    [InlineData("[Red]0;[Blue]-0", "7", "7")]
    [InlineData("General", "0.30000000000000004", "0.3")]
    public void A_number_says_what_its_format_shows(string format, string value, string shown) =>
        Assert.Equal(shown, Cells($"""<c s="1"><v>{value}</v></c>""", $"""<numFmts><numFmt numFmtId="170" formatCode="{format.Replace("\"", "&quot;", StringComparison.Ordinal)}"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>"""));

    [Fact]
    public void Dates_may_start_in_1904() =>
        Assert.Equal("1904-01-02", Cells("""<c s="0"><v>1</v></c>""", """<cellXfs><xf numFmtId="14"/></cellXfs>""", """<workbookPr date1904="1"/>"""));

    [Fact]
    public void A_formula_without_a_result_is_an_empty_cell_and_gaps_keep_their_columns() =>
        Assert.Equal("a\t\t\tTRUE", Cells("""<c r="A1" t="str"><v>a</v></c><c r="B1"><f>SUM(A1)</f></c><c r="D1" t="b"><v>1</v></c>"""));

    [Fact]
    public void A_hidden_sheet_is_left_out_and_said()
    {
        ExtractedDocument document = new DocumentReader().Read(OfficeSketch.Xlsx("<row><c><v>1</v></c></row>"), "sketch.xlsx");
        Assert.DoesNotContain("hidden value", document.Text, StringComparison.Ordinal);
        Assert.Contains("Secret", Assert.Single(document.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_unpacks_to_more_than_the_limit_is_refused_whatever_sizes_it_declares()
    {
        byte[] docx = OfficeSketch.Docx($"<w:p>{Run(new string('x', 3 << 20))}</w:p>");
        ReadException error = Assert.Throws<ReadException>(() => new DocumentReader(new ReadingLimits { InflatedBytes = 2 << 20 }).Read(docx, "big.docx"));
        Assert.Equal(ReadError.TooLarge, error.Error);
        Assert.Contains("2 MB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_in_elements_without_end_are_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("<w:sdt><w:sdtContent>", 2000)), end = string.Concat(Enumerable.Repeat("</w:sdtContent></w:sdt>", 2000));
        Assert.Equal(ReadError.Damaged, Assert.Throws<ReadException>(() => Docx(deep + $"<w:p>{Run("x")}</w:p>" + end)).Error);
    }

    [Fact]
    public void A_locked_book_is_told_from_one_with_obfuscated_fonts()
    {
        byte[] Book(string algorithm) => OfficeSketch.Zip(
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", """<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>"""),
            ("META-INF/encryption.xml", $"""<encryption><EncryptionMethod Algorithm="{algorithm}"/></encryption>"""),
            ("book.opf", """<package><manifest><item id="c" href="one%20chapter.xhtml"/></manifest><spine><itemref idref="c"/></spine></package>"""),
            ("one chapter.xhtml", """<!DOCTYPE html><html><head><title/></head><body><a id="x"/><h1>One</h1><p>The bell&#160;is rung.</p></body></html>"""));
        ExtractedDocument document = new DocumentReader().Read(Book("http://www.idpf.org/2008/embedding"), "book.epub");
        Assert.Equal("One\n\nThe bell is rung.", document.Text);
        Assert.Equal(ReadError.Encrypted, Assert.Throws<ReadException>(() => new DocumentReader().Read(Book("http://www.w3.org/2001/04/xmlenc#aes128-cbc"), "book.epub")).Error);
    }
}
