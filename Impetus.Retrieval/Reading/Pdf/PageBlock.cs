namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>A paragraph, heading, table or note of a page, not yet in the document.</summary>
internal sealed class PageBlock
{
    public List<PageRow> Rows { get; init; } = [];

    /// <summary>The cells of a table by row, each as its lines; null for text.</summary>
    public List<List<string>[]>? Cells { get; init; }

    public bool IsNote { get; init; }

    public double Size => Rows[0].Size;

    public bool IsBold => Rows.All(row => row.IsBold);

    /// <summary>Joined from its rows once all rows of the document are known; see <see cref="Hyphenation"/>.</summary>
    public string Text { get; set; } = "";

    /// <summary>Whether it is one short line without an end mark that stands directly above a paragraph.</summary>
    public bool IsTitleLine { get; set; }
}
