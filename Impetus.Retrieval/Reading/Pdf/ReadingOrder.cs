namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Parts a page into columns, in the order of reading. A gutter is a vertical line that no fragment crosses over several rows, with running text on
/// both sides; what stands above and below it goes from side to side. Tables have gutters too, but no running text: their rows stay whole.
/// </summary>
internal static class ReadingOrder
{
    private const int LeastRows = 3;
    private const int MostCandidates = 40;
    private const int MostDepth = 12;

    // A line of running text has some words in it (measured in the font's size) and fills most of its column; a column may also hold
    // short lines, headings and a table, but so many of its rows are text.
    private const double LeastLine = 7.5;
    private const double LeastFill = 0.6;
    private const double LeastShare = 0.33;

    private readonly record struct Split(double At, double Top, double Bottom, int Rows);

    /// <summary>Regions of one column each, in the order of reading, each a list of rows from the top.</summary>
    public static List<List<PageRow>> Columns(List<Fragment> fragments, ReadingBudget budget)
    {
        List<List<PageRow>> columns = [];
        Part(fragments, columns, budget, 0);
        return columns;
    }

    private static void Part(List<Fragment> fragments, List<List<PageRow>> columns, ReadingBudget budget, int depth)
    {
        budget.Check();
        if (fragments.Count == 0)
            return;
        List<PageRow> rows = PageRow.Of(fragments);
        if (depth == MostDepth || BestSplit(rows, budget) is not { } split)
        {
            columns.Add(rows);
            return;
        }
        Part([.. fragments.Where(fragment => fragment.Baseline > split.Top)], columns, budget, depth + 1);
        List<Fragment> band = [.. fragments.Where(fragment => fragment.Baseline <= split.Top && fragment.Baseline >= split.Bottom)];
        Part([.. band.Where(fragment => fragment.Left < split.At)], columns, budget, depth + 1);
        Part([.. band.Where(fragment => fragment.Left >= split.At)], columns, budget, depth + 1);
        Part([.. fragments.Where(fragment => fragment.Baseline < split.Bottom)], columns, budget, depth + 1);
    }

    // Gutters end where fragments begin: the left edges that several fragments share are where to look.
    private static Split? BestSplit(List<PageRow> rows, ReadingBudget budget)
    {
        double left = rows.Min(row => row.Left);
        IEnumerable<double> candidates = rows.SelectMany(row => row.Fragments).Where(fragment => fragment.Left > left + (3 * fragment.Size))
            .GroupBy(fragment => Math.Round(fragment.Left / 3))
            .Where(group => group.Count() >= LeastRows).OrderByDescending(group => group.Count()).Take(MostCandidates)
            .Select(group => group.Min(fragment => fragment.Left) - 0.5);
        Split? best = null;
        foreach (double at in candidates)
        {
            budget.Check();
            foreach (Split split in Bands(rows, at))
                if (best is null || split.Rows > best.Value.Rows)
                    best = split;
        }
        return best;
    }

    private static IEnumerable<Split> Bands(List<PageRow> rows, double at)
    {
        int start = 0;
        for (int i = 0; i <= rows.Count; i++)
        {
            if (i < rows.Count && !rows[i].Fragments.Exists(fragment => fragment.Left < at && fragment.Right > at))
                continue;
            if (i - start >= LeastRows && IsGutter(rows[start..i], at))
                yield return new Split(at, rows[start].Fragments.Max(fragment => fragment.Baseline), rows[i - 1].Fragments.Min(fragment => fragment.Baseline), i - start);
            start = i + 1;
        }
    }

    private static bool IsGutter(List<PageRow> rows, double at)
    {
        // Of several columns on a side, the one beside the gutter counts.
        List<Fragment> left = [.. rows.Select(row => row.Fragments.FindLast(fragment => fragment.Left < at)).OfType<Fragment>()];
        List<Fragment> right = [.. rows.Select(row => row.Fragments.Find(fragment => fragment.Left >= at)).OfType<Fragment>()];
        if (!IsText(left) || !IsText(right))
            return false;
        int both = rows.Count(row => row.Fragments[0].Left < at && row.Fragments[^1].Left >= at);
        bool sameRows = both > 0.6 * Math.Max(left.Count, right.Count);
        return !sameRows || (Flows(left) && Flows(right));
    }

    private static bool IsText(List<Fragment> lines)
    {
        if (lines.Count < LeastRows)
            return false;
        double width = lines.Select(line => line.Width).Order().ElementAt(lines.Count * 9 / 10);
        int full = lines.Count(line => line.Width >= LeastLine * line.Size && line.Width >= LeastFill * width);
        return full >= LeastRows && full >= LeastShare * lines.Count;
    }

    // Lines that go on from the one before begin in the middle of a sentence; cells of a table begin anew.
    private static bool Flows(List<Fragment> lines)
    {
        int small = 0, capital = 0;
        foreach (Fragment line in lines)
        {
            char first = line.Text[0];
            if (char.IsLower(first))
                small++;
            else if (char.IsUpper(first) || char.IsDigit(first))
                capital++;
        }
        // Scripts without capitals do not tell; the width of their lines has to do.
        return small + capital < lines.Count / 2 || small >= 0.3 * (small + capital);
    }
}
