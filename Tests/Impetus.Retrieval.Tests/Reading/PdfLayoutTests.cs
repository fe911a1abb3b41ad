using Impetus.Retrieval.Reading;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>One rule of the PDF reader's layout at a time.</summary>
public sealed class PdfLayoutTests
{
    private static readonly string[] Left = ["the keeper walks along the ridge and", "counts every lamp that burns above", "the shore while the evening tide", "returns to the harbour and nobody"];
    private static readonly string[] Middle = ["on the mast forgets the bell that is", "rung three times at dusk by the man", "who holds the brass key of the small", "green house behind the northern wall"];
    private static readonly string[] Right = ["of the old observatory where the log", "is kept in pencil and never written", "anew from memory when an entry of", "the long night watch is found missing"];

    private static ExtractedDocument Read(PdfSketch sketch) => new DocumentReader().Read(sketch.ToArray(), "sketch.pdf");

    [Fact]
    public void Three_columns_are_read_one_after_the_other()
    {
        PdfSketch sketch = new PdfSketch().Page().Line(150, 760, "A title across the page", 20, bold: true)
            .Lines(30, 700, 12, Left).Lines(220, 700, 12, Middle).Lines(410, 700, 12, Right);
        ExtractedDocument document = Read(sketch);
        Assert.Equal($"A title across the page\n\n{string.Join(' ', [.. Left, .. Middle, .. Right])}", document.Text);
        Assert.Equal("A title across the page", Assert.Single(document.Headings).Text);
    }

    [Fact]
    public void Columns_that_are_drawn_row_by_row_are_columns_all_the_same()
    {
        PdfSketch sketch = new PdfSketch().Page();
        for (int i = 0; i < Left.Length; i++)
            sketch.Line(30, 700 - (12 * i), Left[i]).Line(300, 700 - (12 * i), Middle[i]);
        Assert.Equal(string.Join(' ', [.. Left, .. Middle]), Read(sketch).Text);
    }

    [Fact]
    public void A_table_is_read_row_by_row()
    {
        PdfSketch sketch = new PdfSketch().Page().Lines(30, 760, 12, "The instruments of the house are these.");
        string[][] rows = [["Instrument", "Maker", "Year"], ["Main refractor", "Harlow & Sons", "1891"], ["Comet seeker", "Brandt", "1923"], ["Finder", "Observatory workshop", "1934"]];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < 3; j++)
                sketch.Line(30 + (150 * j), 720 - (18 * i), rows[i][j]);
        ExtractedDocument document = Read(sketch);
        TextBlock table = Assert.Single(document.Blocks, block => block.Kind == BlockKind.Table);
        Assert.Equal(string.Join('\n', rows.Select(row => string.Join('\t', row))), document.Text.Substring(table.Start, table.Length));
    }

    [Theory]
    [InlineData("was seen from the obser-", "vatory on the ridge", "was seen from the observatory on the ridge")]
    [InlineData("can be reached in thirty-", "five minutes or less", "can be reached in thirty-five minutes or less")]
    [InlineData("the well-known and most well-", "known keeper came back", "the well-known and most well-known keeper came back")]
    [InlineData("written by Anna Smith-", "Jones in the year 1891", "written by Anna Smith-Jones in the year 1891")]
    public void A_hyphen_at_the_end_of_a_line_is_kept_where_the_word_owns_it(string first, string second, string joined) =>
        Assert.Equal(joined, Read(new PdfSketch().Page().Lines(30, 700, 12, first, second)).Text);

    [Fact]
    public void Running_heads_that_count_with_the_pages_leave_the_text_but_lines_with_other_numbers_stay()
    {
        PdfSketch sketch = new();
        for (int page = 1; page <= 4; page++)
            sketch.Page().Line(30, 770, $"Field manual, page {page + 6} of 90", 8).Line(30, 700, $"Lamp {page * page} burns.").Line(290, 30, $"- {page} -", 8);
        ExtractedDocument document = Read(sketch);
        Assert.Equal("Lamp 1 burns.\n\nLamp 4 burns.\n\nLamp 9 burns.\n\nLamp 16 burns.", document.Text);
        Assert.Equal(["Field manual, page 7 of 90", "- 1 -"], document.RunningText);
        Assert.Equal([1, 2, 3, 4], document.Pages.Select(page => page.Number!.Value));
    }

    [Fact]
    public void A_note_at_the_foot_of_a_page_does_not_interrupt_the_paragraph_that_goes_on()
    {
        PdfSketch sketch = new PdfSketch().Page().Lines(30, 700, 12, [.. Left, "of the watch may leave it before the"]).Line(30, 60, "1 Constants are listed in the appendix.", 7)
            .Page().Lines(30, 700, 12, "light is out and the door is locked.", "Then the keeper sleeps.");
        ExtractedDocument document = Read(sketch);
        Assert.Contains("may leave it before the\nlight is out", document.Text, StringComparison.Ordinal);
        TextBlock note = Assert.Single(document.Blocks, block => block.Kind == BlockKind.Note);
        Assert.Contains("Constants are listed", document.Text.Substring(note.Start, note.Length), StringComparison.Ordinal);
        Assert.Equal(1, document.PageAt(note.Start));
    }

    [Fact]
    public void A_word_that_the_end_of_a_page_breaks_is_whole_on_the_page_where_it_began()
    {
        PdfSketch sketch = new PdfSketch().Page().Lines(30, 700, 12, [.. Left, "comes back to the old obser-"]).Page().Lines(30, 700, 12, "vatory on the ridge.");
        ExtractedDocument document = Read(sketch);
        Assert.EndsWith("the old observatory", document.TextOf(document.Pages[0]), StringComparison.Ordinal);
        Assert.Equal("on the ridge.", document.TextOf(document.Pages[1]));
    }

    [Theory]
    [InlineData(90, 300, 100)]
    [InlineData(180, 500, 400)]
    [InlineData(270, 300, 700)]
    [InlineData(45, 100, 100)]
    public void Text_that_runs_at_an_angle_is_read_as_lines(int degrees, double x, double y)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        PdfSketch sketch = new PdfSketch().Page();
        for (int i = 0; i < Left.Length; i++)
            sketch.Line(x + (12 * i * sine), y - (12 * i * cosine), Left[i], degrees: degrees);
        Assert.Equal(string.Join(' ', Left), Read(sketch).Text);
    }

    [Fact]
    public void Letters_that_are_drawn_twice_for_their_shadow_count_once() =>
        Assert.Equal("Emergencies", Read(new PdfSketch().Page().Line(30, 700, "Emergencies").Line(30.4, 699.7, "Emergencies")).Text);

    [Fact]
    public void Bookmarks_in_a_circle_do_not_take_the_text_with_them()
    {
        byte[] bytes = new PdfSketch().Page().Line(30, 700, "The bell is rung.").ToArray("/Outlines 7 0 R", "<</First 8 0 R/Last 8 0 R/Count 1>>", "<</Title(Loop)/Parent 7 0 R/Next 8 0 R/First 8 0 R/Dest[5 0 R/Fit]>>");
        ExtractedDocument document = new DocumentReader().Read(bytes, "loop.pdf");
        Assert.Equal("The bell is rung.", document.Text);
        Assert.Empty(document.Outline);
    }

    [Fact]
    public void A_bookmark_makes_a_line_of_the_texts_own_size_a_heading_without_its_number()
    {
        byte[] bytes = new PdfSketch().Page().Line(30, 740, "2.1 Arrival and keys").Lines(30, 700, 12, Left)
            .ToArray("/Outlines 7 0 R", "<</First 8 0 R/Last 8 0 R/Count 1>>", "<</Title(Arrival and keys)/Parent 7 0 R/Dest[5 0 R/Fit]>>");
        ExtractedDocument document = new DocumentReader().Read(bytes, "bookmark.pdf");
        Heading heading = Assert.Single(document.Headings);
        Assert.Equal(("Arrival and keys", 1, 4), (heading.Text, heading.Page, heading.Start));
        Assert.StartsWith("2.1 Arrival and keys", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_over_the_limit_are_refused()
    {
        PdfSketch sketch = new PdfSketch().Page().Line(30, 700, "One.").Page().Line(30, 700, "Two.").Page().Line(30, 700, "Three.");
        ReadException error = Assert.Throws<ReadException>(() => new DocumentReader(new ReadingLimits { Pages = 2 }).Read(sketch.ToArray(), "long.pdf"));
        Assert.Equal(ReadError.TooLarge, error.Error);
        Assert.Contains("2 pages", error.Message, StringComparison.Ordinal);
    }
}
