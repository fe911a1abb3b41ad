namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>Rows of a page's columns into paragraphs and tables; notes at the foot of a column go to the end of the page.</summary>
internal static class BlockBuilder
{
    private const double NoteSize = 0.92;

    // The distance of lines, of the size: usual, and double-spaced at most.
    private const double UsualLeading = 1.3;
    private const double MostLeading = 2.5;

    /// <param name="columns">In the order of reading.</param>
    /// <param name="bodySize">The size of the document's running text.</param>
    public static List<PageBlock> Build(List<List<PageRow>> columns, double bodySize)
    {
        List<PageBlock> blocks = [], notes = [];
        foreach (List<PageRow> column in columns)
        {
            int foot = FootOf(column, bodySize);
            notes.AddRange(Notes(column[foot..]));
            List<PageBlock> found = Blocks(column[..foot]);
            // A paragraph that the end of a column interrupts goes on in the next one.
            if (blocks.Count > 0 && found.Count > 0 && GoesOn(blocks[^1], found[0]))
            {
                blocks[^1].Rows.AddRange(found[0].Rows);
                found.RemoveAt(0);
            }
            blocks.AddRange(found);
        }
        return [.. blocks, .. notes];
    }

    private static List<PageBlock> Blocks(List<PageRow> rows)
    {
        List<PageBlock> blocks = [];
        if (rows.Count == 0)
            return blocks;
        double left = rows.Min(row => row.Left), right = rows.Max(row => row.Right), typical = rows.Select(row => row.Size).Order().ElementAt(rows.Count / 2), leading = Leading(rows, typical);
        List<PageRow> paragraph = [];
        for (int i = 0; i < rows.Count;)
        {
            int table = TableFinder.RowsFrom(rows, i);
            if (table > 0)
            {
                End();
                List<PageRow> tableRows = rows[i..(i + table)];
                blocks.Add(new PageBlock { Rows = tableRows, Cells = TableFinder.Cells(tableRows) });
                i += table;
                continue;
            }
            if (paragraph.Count > 0 && Starts(paragraph, rows[i], left, right, leading * Math.Max(1, rows[i].Size / typical)))
                End();
            paragraph.Add(rows[i++]);
        }
        End();
        for (int i = 0; i + 1 < blocks.Count; i++)
            blocks[i].IsTitleLine = IsTitleLine(i == 0 ? null : blocks[i - 1], blocks[i], blocks[i + 1]);
        return blocks;

        void End()
        {
            if (paragraph.Count > 0)
                blocks.Add(new PageBlock { Rows = paragraph });
            paragraph = [];
        }
    }

    // Whether a row starts a paragraph after the rows of the one before.
    private static bool Starts(List<PageRow> paragraph, PageRow row, double left, double right, double leading)
    {
        PageRow previous = paragraph[^1];
        double gap = previous.Baseline - row.Baseline, size = Math.Min(previous.Size, row.Size);
        if (Math.Abs(previous.Size - row.Size) > 0.08 * size || (previous.IsBold != row.IsBold && gap > 0))
            return true;
        if (gap > Math.Max(1.25 * leading, 1.1 * size) && gap > 1.15 * UsualGap(paragraph, leading))
            return true;
        if (ListMarkers.Starts(row.Text))
            return true;
        bool ended = EndsSentence(previous.Text);
        if (ended && row.Left > previous.Left + (0.8 * size) && previous.Left <= paragraph.Min(line => line.Left) + (0.3 * size))
            return true;
        // The next line's first word would have fitted: the line was ended on purpose.
        double firstWord = row.Fragments[0].Width * (FirstWordLength(row.Text) + 1) / Math.Max(1, row.Fragments[0].Text.Length);
        double free = right - previous.Right;
        // Without a full stop it takes much free space: a heading or the line of a list.
        return free > firstWord + size && !char.IsLower(row.Text[0]) && (ended || (free > 0.35 * (right - left) && previous.Text[^1] is not (',' or '-' or '\u2010' or '\u00AD')));
    }

    private static double UsualGap(List<PageRow> paragraph, double leading) =>
        paragraph.Count < 2 ? leading : paragraph[^2].Baseline - paragraph[^1].Baseline;

    private static int FirstWordLength(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? text.Length : space;
    }

    private static bool IsTitleLine(PageBlock? before, PageBlock block, PageBlock after)
    {
        PageRow row = block.Rows[0];
        if (block.Cells is not null || after.Cells is not null || block.Rows.Count > 1 || after.Rows[0].Width < row.Width || ListMarkers.Starts(row.Text) || ListMarkers.Starts(after.Rows[0].Text))
            return false;
        double below = row.Baseline - after.Rows[0].Baseline;
        bool apart = before is null || before.Rows[^1].Baseline - row.Baseline > 1.2 * below;
        return apart && below < 2 * row.Size && row.Text.Length <= 60 && char.IsUpper(row.Text[0]) && char.IsLetterOrDigit(row.Text[^1]) && EndsSentence(after.Rows[^1].Text);
    }

    // The distance of lines that is most common in the column; lines that stand very far apart are no paragraph.
    private static double Leading(List<PageRow> rows, double size)
    {
        IGrouping<double, double>? common = Enumerable.Range(1, Math.Max(0, rows.Count - 1)).Select(i => rows[i - 1].Baseline - rows[i].Baseline)
            .Where(gap => gap > 0).GroupBy(gap => Math.Round(gap * 2) / 2).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).FirstOrDefault();
        return common is null || common.Count() < 2 || common.Key > MostLeading * size ? UsualLeading * size : common.Key;
    }

    /// <summary>Whether a paragraph that a column or page ends goes on in the first one of the next.</summary>
    internal static bool GoesOn(PageBlock before, PageBlock after) =>
        before.Cells is null && after.Cells is null && !EndsSentence(before.Rows[^1].Text) && Math.Abs(before.Size - after.Size) < 0.05 * before.Size
        && before.IsBold == after.IsBold && !ListMarkers.Starts(after.Rows[0].Text)
        && (before.Rows[^1].Text[^1] is '-' or '\u2010' or '\u00AD' or ',' || !char.IsUpper(after.Rows[0].Text[0]));

    internal static bool EndsSentence(string text)
    {
        ReadOnlySpan<char> bare = text.AsSpan().TrimEnd("\"'”’)»」』");
        return bare.Length == 0 || ".!?:;…。！？；：؟۔".Contains(bare[^1], StringComparison.Ordinal);
    }

    // From the first row of small print that starts with a raised mark, or with a number or sign, to the end of the column.
    private static int FootOf(List<PageRow> column, double bodySize)
    {
        int foot = column.Count;
        for (int i = column.Count - 1; i >= 0 && column[i].Size < NoteSize * bodySize; i--)
            if (ListMarkers.StartsNote(column[i]))
                foot = i;
        return foot;
    }

    private static IEnumerable<PageBlock> Notes(List<PageRow> rows)
    {
        List<PageRow> note = [];
        foreach (PageRow row in rows)
        {
            if (note.Count > 0 && ListMarkers.StartsNote(row))
            {
                yield return new PageBlock { Rows = note, IsNote = true };
                note = [];
            }
            note.Add(row);
        }
        if (note.Count > 0)
            yield return new PageBlock { Rows = note, IsNote = true };
    }
}
