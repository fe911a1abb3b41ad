using System.Globalization;
using System.Text;
using UglyToad.PdfPig.Content;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>A page's letters as glyphs, one list for each direction in which text runs on the page, the one with most text first.</summary>
internal static class PageGlyphs
{
    // Shadows and poor man's bold draw a letter twice, this much of its size apart.
    private const double SamePlace = 0.15;

    private const string SpacingAccents = "´`¨ˆ˜¯˘˙˚¸ˇ˝";
    private const string CombiningAccents = "\u0301\u0300\u0308\u0302\u0303\u0304\u0306\u0307\u030A\u0327\u030C\u030B";

    private readonly record struct Mark(string Text, double Center, double Size, double Baseline, bool IsSpacing);

    /// <param name="letters">What the page shows.</param>
    /// <param name="width">Of the page in points; with its height it makes every direction start at the page's corner.</param>
    /// <param name="height">Of the page in points.</param>
    /// <param name="budget">Checked as the work goes on.</param>
    public static List<List<Glyph>> Of(IEnumerable<Letter> letters, double width, double height, ReadingBudget budget)
    {
        Dictionary<int, (List<Glyph> Glyphs, List<Mark> Marks)> directions = [];
        int angle = 0;
        foreach (Letter letter in letters)
        {
            string text = Clean(letter.Value);
            if (text.Length == 0)
                continue;
            angle = AngleOf(letter) ?? angle;
            if (!directions.TryGetValue(angle, out (List<Glyph> Glyphs, List<Mark> Marks) direction))
                directions[angle] = direction = ([], []);
            Add(letter, text, new Turn(angle, width, height), direction.Glyphs, direction.Marks);
        }
        return [.. directions.Values.Select(direction => Attach(WithoutDoubles(direction.Glyphs), direction.Marks, budget)).OrderByDescending(glyphs => glyphs.Count)];
    }

    private static void Add(Letter letter, string text, Turn turn, List<Glyph> glyphs, List<Mark> marks)
    {
        (double startX, double baseline) = turn.Of(letter.StartBaseLine);
        (double endX, _) = turn.Of(letter.EndBaseLine);
        double size = letter.PointSize > 0.1 ? letter.PointSize : Math.Max(1, letter.BoundingBox.Height);
        bool isMark = CharUnicodeInfo.GetUnicodeCategory(text, 0) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
        bool isAccent = text.Length == 1 && SpacingAccents.Contains(text[0], StringComparison.Ordinal);
        if (isMark || isAccent)
        {
            (double x, _) = turn.Of(letter.BoundingBox.Centroid);
            marks.Add(new Mark(text, x, size, baseline, isAccent));
            return;
        }
        glyphs.Add(new Glyph(text, Math.Min(startX, endX), Math.Max(startX, endX), baseline, size, letter.FontDetails.IsBold, glyphs.Count));
    }

    // Whole degrees, so that text set by hand along a slightly skewed line stays together.
    private static int? AngleOf(Letter letter)
    {
        double x = letter.EndBaseLine.X - letter.StartBaseLine.X, y = letter.EndBaseLine.Y - letter.StartBaseLine.Y;
        if (Math.Abs(x) + Math.Abs(y) < 0.01)
            return null;
        int degrees = (int)Math.Round(Math.Atan2(y, x) * 180 / Math.PI);
        return Math.Abs(degrees) <= 1 ? 0 : degrees == -180 ? 180 : degrees;
    }

    // Presentation forms, ligatures and radicals (whose glyphs some ideographs share) are ways of drawing; the letters are what was written.
    private static string Clean(string? value)
    {
        if (string.IsNullOrEmpty(value) || value is "\0" or "\uFFFD")
            return "";
        if (value.AsSpan().IndexOfAnyInRange('\u2E80', '\u2FDF') < 0 && value.AsSpan().IndexOfAnyInRange('\uFB00', '\uFEFF') < 0)
            return value;
        StringBuilder text = new();
        foreach (char c in value)
            text.Append(c is (>= '\u2E80' and <= '\u2FDF') or (>= '\uFB00' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC') ? c.ToString().Normalize(NormalizationForm.FormKC) : c.ToString());
        return text.ToString();
    }

    private static List<Glyph> WithoutDoubles(List<Glyph> glyphs)
    {
        Dictionary<(string, long, long), Glyph> seen = [];
        List<Glyph> single = new(glyphs.Count);
        foreach (Glyph glyph in glyphs)
        {
            double grid = Math.Max(1, glyph.Size * SamePlace);
            (long column, long row) = ((long)Math.Round(glyph.Left / grid), (long)Math.Round(glyph.Baseline / grid));
            bool doubled = false;
            for (long x = column - 1; x <= column + 1 && !doubled; x++)
                for (long y = row - 1; y <= row + 1 && !doubled; y++)
                    doubled = seen.TryGetValue((glyph.Text, x, y), out Glyph other)
                        && Math.Abs(other.Left - glyph.Left) < grid && Math.Abs(other.Baseline - glyph.Baseline) < grid && !glyph.IsSpace;
            if (doubled)
                continue;
            seen[(glyph.Text, column, row)] = glyph;
            single.Add(glyph);
        }
        return single;
    }

    // A mark belongs to the letter that it is drawn over; one that stands alone stays a character of its own.
    private static List<Glyph> Attach(List<Glyph> glyphs, List<Mark> marks, ReadingBudget budget)
    {
        foreach (Mark mark in marks)
        {
            budget.Check();
            int nearest = -1;
            double least = double.MaxValue;
            for (int i = 0; i < glyphs.Count; i++)
            {
                Glyph glyph = glyphs[i];
                if (glyph.IsSpace || Math.Abs(glyph.Baseline - mark.Baseline) > 0.7 * mark.Size || mark.Center < glyph.Left - (0.05 * mark.Size) || mark.Center > glyph.Right + (0.05 * mark.Size))
                    continue;
                double distance = Math.Abs(((glyph.Left + glyph.Right) / 2) - mark.Center) + Math.Abs(glyph.Baseline - mark.Baseline);
                if (distance < least)
                    (nearest, least) = (i, distance);
            }
            if (nearest >= 0 && char.IsLetter(glyphs[nearest].Text[^1]))
                glyphs[nearest] = glyphs[nearest] with { Text = glyphs[nearest].Text + Combining(mark) };
            else if (mark.IsSpacing)
                glyphs.Add(new Glyph(mark.Text, mark.Center, mark.Center, mark.Baseline, mark.Size, IsBold: false, glyphs.Count));
        }
        return glyphs;
    }

    private static string Combining(Mark mark) =>
        mark.IsSpacing ? CombiningAccents[SpacingAccents.IndexOf(mark.Text[0], StringComparison.Ordinal)].ToString() : mark.Text;
}
