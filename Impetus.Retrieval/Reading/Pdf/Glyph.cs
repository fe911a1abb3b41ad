namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// One glyph, turned so that its line runs from left to right along x and lines follow one another down y. Lengths are points.
/// </summary>
/// <param name="Text">Its characters in logical order: one, or more for a ligature or a letter with its marks.</param>
/// <param name="Left">Where its advance starts.</param>
/// <param name="Right">Where its advance ends.</param>
/// <param name="Baseline">The height of its baseline; greater is higher.</param>
/// <param name="Size">The font's size.</param>
/// <param name="IsBold">Whether the font calls itself bold.</param>
/// <param name="Order">Its place in the page's stream: text of one line is mostly drawn in one go.</param>
internal readonly record struct Glyph(string Text, double Left, double Right, double Baseline, double Size, bool IsBold, int Order)
{
    public bool IsSpace => string.IsNullOrWhiteSpace(Text);

    public double Width => Right - Left;
}
