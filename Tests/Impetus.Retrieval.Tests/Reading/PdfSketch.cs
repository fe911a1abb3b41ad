using System.Globalization;
using System.Text;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>Writes small PDFs in Helvetica, line by line, to try one rule of the layout at a time.</summary>
internal sealed class PdfSketch
{
    private readonly List<StringBuilder> _pages = [];

    public PdfSketch Page()
    {
        _pages.Add(new StringBuilder());
        return this;
    }

    /// <summary>A line whose baseline starts at a place, in points from the lower left corner of a page of 600 × 800.</summary>
    public PdfSketch Line(double x, double y, string text, double size = 10, bool bold = false, int degrees = 0)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        _pages[^1].Append(CultureInfo.InvariantCulture, $"BT /{(bold ? "B" : "R")} {size} Tf {cosine:F4} {sine:F4} {-sine:F4} {cosine:F4} {x} {y} Tm ({text.Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal)}) Tj ET\n");
        return this;
    }

    public PdfSketch Lines(double x, double y, double leading, params string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
            Line(x, y - (i * leading), lines[i]);
        return this;
    }

    /// <summary>Content stream operators as they are.</summary>
    public PdfSketch Raw(string operators)
    {
        _pages[^1].Append(operators).Append('\n');
        return this;
    }

    /// <param name="catalog">More entries of the catalogue.</param>
    /// <param name="more">More objects; the first has number <c>5 + 2 × pages</c>.</param>
    public byte[] ToArray(string catalog = "", params string[] more)
    {
        List<string> objects =
        [
            $"<</Type/Catalog/Pages 2 0 R{catalog}>>",
            $"<</Type/Pages/Count {_pages.Count}/Kids[{string.Join(' ', Enumerable.Range(0, _pages.Count).Select(i => $"{5 + (2 * i)} 0 R"))}]>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        ];
        foreach (StringBuilder page in _pages)
        {
            objects.Add($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</R 3 0 R/B 4 0 R>>>>/Contents {objects.Count + 2} 0 R>>");
            objects.Add($"<</Length {page.Length}>>stream\n{page}endstream");
        }
        objects.AddRange(more);
        StringBuilder file = new("%PDF-1.7\n");
        List<int> offsets = [];
        for (int i = 0; i < objects.Count; i++)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        int table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (int offset in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<</Size {objects.Count + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF");
        return Encoding.Latin1.GetBytes(file.ToString());
    }
}
