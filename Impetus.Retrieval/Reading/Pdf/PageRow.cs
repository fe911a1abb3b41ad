namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>The fragments of one column that stand on one baseline, from left to right.</summary>
internal sealed class PageRow
{
    private PageRow(List<Fragment> fragments)
    {
        Fragments = fragments;
        Fragment main = fragments.MaxBy(fragment => fragment.Text.Length)!;
        (Baseline, Size, IsBold) = (main.Baseline, main.Size, fragments.All(fragment => fragment.IsBold));
    }

    public List<Fragment> Fragments { get; }

    public double Baseline { get; }

    public double Size { get; }

    public bool IsBold { get; }

    public double Left => Fragments[0].Left;

    public double Right => Fragments.Max(fragment => fragment.Right);

    public double Width => Right - Left;

    public string Text => Fragments.Count == 1 ? Fragments[0].Text : string.Join(' ', Fragments.Select(fragment => fragment.Text));

    /// <summary>The row with its fragments cut where one of their words starts at one of the edges.</summary>
    public PageRow CutAt(IReadOnlyList<double> edges)
    {
        List<Fragment> cut = [];
        foreach (Fragment fragment in Fragments)
        {
            Fragment rest = fragment;
            foreach (double edge in edges)
            {
                if (rest.SplitAt(edge) is not var (before, after))
                    continue;
                cut.Add(before);
                rest = after;
            }
            cut.Add(rest);
        }
        return cut.Count == Fragments.Count ? this : new PageRow(cut);
    }

    /// <summary>Rows from the top of the page to its bottom.</summary>
    public static List<PageRow> Of(IEnumerable<Fragment> fragments)
    {
        List<PageRow> rows = [];
        List<Fragment> row = [];
        foreach (Fragment fragment in fragments.OrderByDescending(fragment => fragment.Baseline))
        {
            if (row.Count > 0 && row[0].Baseline - fragment.Baseline > 0.3 * Math.Min(row[0].Size, fragment.Size))
            {
                rows.Add(new PageRow([.. row.OrderBy(cell => cell.Left)]));
                row.Clear();
            }
            row.Add(fragment);
        }
        if (row.Count > 0)
            rows.Add(new PageRow([.. row.OrderBy(cell => cell.Left)]));
        return rows;
    }
}
