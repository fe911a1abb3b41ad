using System.Text;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Glyphs into fragments: glyphs of one baseline, cut where a gap is too wide for a space. Raised and lowered small glyphs join the line that
/// they stand beside. Spaces are drawn or only left free; both are found.
/// </summary>
internal static class FragmentBuilder
{
    // Of the font's size: how far glyphs of one line may be off its baseline, how wide a gap parts fragments (less
    // where nothing is drawn in it, on a page that draws its spaces), and how wide one is a space.
    private const double BaselineTolerance = 0.2;
    private const double FragmentGap = 1.0;
    private const double UndrawnGap = 0.6;
    private const double JustifiedGap = 1.8;
    private const double SpaceGap = 0.17;
    private const double IdeographSpaceGap = 0.6;
    private const double SmallScript = 0.85;

    private sealed class Run
    {
        public List<Glyph> Glyphs { get; } = [];
        public double Left = double.MaxValue;
        public double Right = double.MinValue;
        public double Size;
        public double Baseline;

        public void Add(Glyph glyph)
        {
            Glyphs.Add(glyph);
            Left = Math.Min(Left, glyph.Left);
            Right = Math.Max(Right, glyph.Right);
        }

        public void Measure()
        {
            // What most of its glyphs are.
            Glyph typical = Glyphs.Where(glyph => !glyph.IsSpace).GroupBy(glyph => (Math.Round(glyph.Size, 1), Math.Round(glyph.Baseline, 1)))
                .MaxBy(group => group.Count())?.First() ?? Glyphs[0];
            (Size, Baseline) = (typical.Size, typical.Baseline);
        }
    }

    public static List<Fragment> Build(List<Glyph> glyphs, ReadingBudget budget)
    {
        List<Run> runs = Runs(glyphs);
        budget.Check();
        JoinScripts(runs, budget);
        List<Fragment> fragments = [];
        foreach (Run run in runs)
            if (ToFragment(run) is { } fragment)
                fragments.Add(fragment);
        int rightToLeft = fragments.Sum(fragment => LogicalOrder.IsRightToLeft(fragment.Text) ? fragment.Text.Length : -fragment.Text.Length);
        return rightToLeft > 0 ? [.. fragments.Select(fragment => fragment.Mirrored())] : fragments;
    }

    private static List<Run> Runs(List<Glyph> glyphs)
    {
        List<Run> runs = [];
        List<Glyph> line = [];
        double undrawn = glyphs.Count(glyph => glyph.IsSpace) > glyphs.Count / 30 ? UndrawnGap : FragmentGap;
        foreach (Glyph glyph in glyphs.OrderByDescending(glyph => glyph.Baseline))
        {
            if (line.Count > 0 && line[0].Baseline - glyph.Baseline > BaselineTolerance * Math.Min(line[0].Size, glyph.Size))
            {
                Cut(line, undrawn, runs);
                line.Clear();
            }
            line.Add(glyph);
        }
        Cut(line, undrawn, runs);
        return runs;
    }

    private static void Cut(List<Glyph> line, double undrawn, List<Run> runs)
    {
        Run? run = null;
        foreach (Glyph glyph in line.OrderBy(glyph => glyph.Left).ThenBy(glyph => glyph.Right))
        {
            // Spaces do not bridge a gap: some writers fill the way to the next cell with them.
            if (glyph.IsSpace && (run is null || glyph.Left > run.Right + (FragmentGap * glyph.Size)))
                continue;
            if (run is null || glyph.Left - LastInk(run) > WidestGap(run, glyph, undrawn) * Math.Max(glyph.Size, run.Glyphs[^1].Size))
                runs.Add(run = new Run());
            run.Add(glyph);
        }
        foreach (Run made in runs)
            if (made.Size == 0)
                made.Measure();
    }

    // One space may be stretched, where a line is justified and drawn in one go; several are a way to the next column.
    private static double WidestGap(Run run, Glyph next, double undrawn)
    {
        Glyph last = run.Glyphs[^1];
        if (!last.IsSpace)
            return undrawn;
        return run.Glyphs.Count > 1 && !run.Glyphs[^2].IsSpace && Math.Abs(next.Order - last.Order) == 1 ? JustifiedGap : FragmentGap;
    }

    private static double LastInk(Run run)
    {
        double right = double.MinValue;
        for (int i = run.Glyphs.Count - 1; i >= 0 && i >= run.Glyphs.Count - 40; i--)
            if (!run.Glyphs[i].IsSpace)
                right = Math.Max(right, run.Glyphs[i].Right);
        return right == double.MinValue ? run.Right : right;
    }

    // Runs are in the order of their baselines from the top: a line's neighbours are near in the list.
    private static void JoinScripts(List<Run> runs, ReadingBudget budget)
    {
        const int Neighbours = 60;
        for (int i = 0; i < runs.Count; i++)
        {
            budget.Check();
            Run script = runs[i];
            Run? host = null;
            for (int j = Math.Max(0, i - Neighbours); j < Math.Min(runs.Count, i + Neighbours); j++)
            {
                Run line = runs[j];
                double rise = script.Baseline - line.Baseline;
                if (i != j && script.Size < SmallScript * line.Size && script.Glyphs.Count <= 12 && rise > -0.35 * line.Size && rise < 0.75 * line.Size
                    && script.Right > line.Left - (0.4 * line.Size) && script.Left < line.Right + (0.4 * line.Size)
                    && (host is null || Math.Abs(rise) < Math.Abs(script.Baseline - host.Baseline)))
                    host = line;
            }
            if (host is null)
                continue;
            foreach (Glyph glyph in script.Glyphs)
                host.Add(glyph);
            host.Glyphs.Sort((a, b) => a.Left.CompareTo(b.Left));
            runs.RemoveAt(i--);
        }
    }

    private static Fragment? ToFragment(Run run)
    {
        List<string> pieces = [];
        List<float> words = [];
        double threshold = SpaceThreshold(run);
        Glyph? previous = null;
        int bold = 0, ink = 0;
        foreach (Glyph glyph in run.Glyphs)
        {
            bool spaced = previous is { } before && IsSpaced(before, glyph, threshold);
            if ((glyph.IsSpace || spaced) && pieces.Count > 0 && pieces[^1] != " ")
                pieces.Add(" ");
            if (!glyph.IsSpace)
            {
                if (pieces.Count == 0 || pieces[^1] == " ")
                    words.Add((float)glyph.Left);
                pieces.Add(glyph.Text);
                ink++;
                bold += glyph.IsBold ? 1 : 0;
            }
            previous = glyph.IsSpace ? null : glyph;
        }
        if (ink == 0)
            return null;
        LogicalOrder.Restore(pieces);
        string text = DrawnHyphens(string.Concat(pieces).Trim());
        Glyph first = run.Glyphs.First(glyph => !glyph.IsSpace);
        double right = run.Glyphs.Where(glyph => !glyph.IsSpace).Max(glyph => glyph.Right);
        bool raised = first.Size < SmallScript * run.Size && first.Baseline > run.Baseline + (0.1 * run.Size);
        return text.Length == 0 ? null : new Fragment(text, first.Left, right, run.Baseline, run.Size, bold > ink / 2, raised, [.. words]);
    }

    private static bool IsSpaced(Glyph before, Glyph glyph, double threshold)
    {
        bool ideographs = IsIdeograph(before.Text[^1]) && IsIdeograph(glyph.Text[0]);
        return glyph.Left - before.Right > (ideographs ? IdeographSpaceGap : threshold) * Math.Min(before.Size, glyph.Size);
    }

    // A soft hyphen shows only at the end of a line; one that is drawn within is the font's hyphen under a wrong name.
    private static string DrawnHyphens(string text) => text.Length < 2 ? text : text[..^1].Replace('\u00AD', '-') + text[^1];

    // Letters that are set apart, as in some titles, need wider gaps to be words.
    private static double SpaceThreshold(Run run)
    {
        List<double> gaps = [];
        for (int i = 1; i < run.Glyphs.Count; i++)
            if (!run.Glyphs[i].IsSpace && !run.Glyphs[i - 1].IsSpace)
                gaps.Add(Math.Max(0, run.Glyphs[i].Left - run.Glyphs[i - 1].Right) / run.Glyphs[i].Size);
        if (gaps.Count < 4)
            return SpaceGap;
        gaps.Sort();
        return Math.Max(SpaceGap, gaps[gaps.Count / 2] + 0.15);
    }

    internal static bool IsIdeograph(char c) => c is (>= '\u2E80' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF00' and <= '\uFFEF') or (>= '\uD840' and <= '\uDFFF');
}
