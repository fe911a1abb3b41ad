namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// A stretch of one line without a wide gap in it: a whole line of a column, or a cell of a table. On pages that run from right to left x is
/// mirrored, so that here too lines start at <see cref="Left"/>. <see cref="WordStarts"/> are where its words begin, from the left.
/// </summary>
internal sealed record Fragment(string Text, double Left, double Right, double Baseline, double Size, bool IsBold, bool StartsRaised, float[] WordStarts)
{
    private const double EdgeTolerance = 1;

    public double Width => Right - Left;

    /// <summary>About how high its letters reach.</summary>
    public double Top => Baseline + (0.75 * Size);

    // Words of a line from right to left stand in another order than they are read in: their places are of no use here.
    public Fragment Mirrored() => this with { Left = -Right, Right = -Left, WordStarts = [] };

    /// <summary>The two parts before and from the word that starts at <paramref name="edge"/>, or null when no word but the first starts there.</summary>
    public (Fragment Before, Fragment After)? SplitAt(double edge)
    {
        int word = Array.FindIndex(WordStarts, start => Math.Abs(start - edge) < EdgeTolerance);
        string[] words = word > 0 ? Text.Split(' ') : [];
        if (word <= 0 || words.Length != WordStarts.Length)
            return null;
        return (this with { Text = string.Join(' ', words[..word]), Right = WordStarts[word] - (0.25 * Size), WordStarts = WordStarts[..word] },
            this with { Text = string.Join(' ', words[word..]), Left = WordStarts[word], StartsRaised = false, WordStarts = WordStarts[word..] });
    }
}
