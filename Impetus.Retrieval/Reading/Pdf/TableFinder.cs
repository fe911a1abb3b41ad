namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>Finds rows of a column that are a table: several fragments a row, which stand under one another row after row.</summary>
internal static class TableFinder
{
    private const int LeastRows = 2;
    private const int MostColumns = 60;

    /// <summary>How many rows from <paramref name="start"/> on are one table; 0 when no table starts there.</summary>
    public static int RowsFrom(List<PageRow> rows, int start)
    {
        int end = start;
        for (int i = start; i < rows.Count && i - end < 3; i++)
        {
            if (rows[i].Fragments.Count >= 2)
                end = i + 1;
            else if (i == start || !Continues(rows, start, i))
                break;
        }
        int multiple = rows[start..end].Count(row => row.Fragments.Count >= 2);
        if (multiple < LeastRows || (multiple == LeastRows && !HasWideGaps(rows[start..end])))
            return 0;
        while (end > start && ColumnsOf(rows[start..end]).Count < 2)
            end--;
        if (rows[start..end].Count(row => row.Fragments.Count >= 2) < LeastRows)
            return 0;
        double lineGap = LineGap(rows[start..end]);
        while (end < rows.Count && rows[end].Fragments.Count == 1 && rows[end - 1].Baseline - rows[end].Baseline < lineGap && Continues(rows, start, end))
            end++;
        return end - start;
    }

    /// <summary>The cells, with the lines of each; a row that only goes on with cells of the row above is joined to it.</summary>
    public static List<List<string>[]> Cells(List<PageRow> rows)
    {
        double[] edges = Edges(rows);
        rows = [.. rows.Select(row => row.CutAt(edges))];
        List<(double Left, double Right)> columns = ColumnsOf(rows);
        double lineGap = LineGap(rows);
        List<List<string>[]> cells = [];
        for (int i = 0; i < rows.Count; i++)
        {
            List<string>?[] row = new List<string>[columns.Count];
            foreach (Fragment fragment in rows[i].Fragments)
                (row[Math.Max(0, columns.FindLastIndex(bounds => bounds.Left <= fragment.Left + 0.5))] ??= []).Add(fragment.Text);
            bool goesOn = i > 0 && rows[i - 1].Baseline - rows[i].Baseline < lineGap && row.Contains(null);
            if (!goesOn)
                cells.Add([.. columns.Select(_ => new List<string>())]);
            for (int column = 0; column < row.Length; column++)
                cells[^1][column].AddRange(row[column] ?? []);
        }
        return cells;
    }

    // Cells that nearly touch look like one fragment. Where a fragment starts in one row, and a fragment or a word in most others, a column starts.
    private static double[] Edges(List<PageRow> rows)
    {
        HashSet<double> starts = [.. rows.SelectMany(row => row.Fragments).Select(fragment => Math.Round(fragment.Left))];
        return [.. rows.SelectMany(row => row.Fragments).SelectMany(fragment => fragment.WordStarts).GroupBy(word => Math.Round(word))
            .Where(group => starts.Contains(group.Key) && group.Count() >= Math.Max(2, 0.6 * rows.Count(row => row.Fragments.Count >= 2)))
            .Select(group => (double)group.Average()).Order()];
    }

    // Lines of one cell stand closer than rows do; below this distance rows are lines. 0 where all distances are about the same.
    private static double LineGap(List<PageRow> rows)
    {
        double least = double.MaxValue, most = 0;
        for (int i = 1; i < rows.Count; i++)
        {
            double gap = rows[i - 1].Baseline - rows[i].Baseline;
            (least, most) = (Math.Min(least, gap), Math.Max(most, gap));
        }
        return most > 1.2 * least && least < 1.45 * rows[0].Size ? (least + most) / 2 : 0;
    }

    // The stretches of the x axis that the fragments cover.
    private static List<(double Left, double Right)> ColumnsOf(List<PageRow> rows)
    {
        List<(double Left, double Right)> columns = [];
        foreach (Fragment fragment in rows.SelectMany(row => row.Fragments).OrderBy(fragment => fragment.Left))
            if (columns.Count > 0 && fragment.Left < columns[^1].Right + (0.2 * fragment.Size))
                columns[^1] = (columns[^1].Left, Math.Max(columns[^1].Right, fragment.Right));
            else
                columns.Add((fragment.Left, fragment.Right));
        return columns.Count > MostColumns ? [] : columns;
    }

    // A lone fragment amid a table is a cell that broke into lines: it stands close, and under one column.
    private static bool Continues(List<PageRow> rows, int start, int at)
    {
        Fragment lone = rows[at].Fragments[0];
        if (rows[at - 1].Baseline - rows[at].Baseline > 1.6 * lone.Size)
            return false;
        List<(double Left, double Right)> columns = ColumnsOf(rows[start..at]);
        return columns.Count(bounds => bounds.Left < lone.Right && bounds.Right > lone.Left) <= 1;
    }

    private static bool HasWideGaps(List<PageRow> rows) => rows.All(row =>
    {
        for (int i = 1; i < row.Fragments.Count; i++)
            if (row.Fragments[i].Left - row.Fragments[i - 1].Right > 2 * row.Size)
                return true;
        return false;
    });
}
