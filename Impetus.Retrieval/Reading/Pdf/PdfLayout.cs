namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>The pages' fragments into the document's blocks.</summary>
internal sealed class PdfLayout(ReadingBudget budget)
{
    public void Write(List<PageContent> pages, IReadOnlyList<OutlineEntry> outline, ILookup<int, string>? form, DocumentBuilder document)
    {
        foreach (string text in RunningHeads.Remove(pages))
            document.Running(text);
        double bodySize = BodySize(pages);
        Hyphenation hyphenation = new();
        foreach (Fragment fragment in pages.SelectMany(page => page.Fragments))
            hyphenation.Learn(fragment.Text);
        List<(int Page, List<PageBlock> Blocks)> laidOut = [.. pages.Select(page => (page.Number, Blocks(page, bodySize, hyphenation)))];
        bool[] goesOn = [.. Enumerable.Range(0, laidOut.Count).Select(i => i > 0 && Continue(laidOut[i - 1].Blocks, laidOut[i].Blocks, hyphenation))];
        HeadingFinder headings = new(laidOut, outline, bodySize);
        for (int i = 0; i < laidOut.Count; i++)
        {
            (int page, List<PageBlock> blocks) = laidOut[i];
            document.BeginPage(page, goesOn[i]);
            foreach (PageBlock block in blocks)
                Write(block, headings.Of(page, block), hyphenation, document);
            foreach (string line in form?[page] ?? [])
                document.Paragraph(line);
        }
    }

    private List<PageBlock> Blocks(PageContent page, double bodySize, Hyphenation hyphenation)
    {
        List<PageBlock> blocks = [];
        foreach (List<Fragment> direction in page.Directions)
            blocks.AddRange(BlockBuilder.Build(ReadingOrder.Columns(direction, budget), bodySize));
        foreach (PageBlock block in blocks.Where(block => block.Cells is null))
            block.Text = hyphenation.Join(block.Rows.Select(row => row.Text));
        return blocks;
    }

    // A paragraph that goes on over the page's end: the notes step aside, and a word that the end breaks stays whole on the page where it began.
    private static bool Continue(List<PageBlock> page, List<PageBlock> next, Hyphenation hyphenation)
    {
        int last = page.FindLastIndex(block => !block.IsNote);
        if (last < 0 || next.Count == 0 || next[0].IsNote || page[last].Text.Length == 0 || next[0].Text.Length == 0 || !BlockBuilder.GoesOn(page[last], next[0]))
            return false;
        PageBlock broken = page[last], rest = next[0];
        page.RemoveAt(last);
        page.Add(broken);
        int word = rest.Text.IndexOf(' ', StringComparison.Ordinal);
        if (word > 0 && broken.Text[^1] is '-' or '\u2010' or '\u00AD')
        {
            broken.Text = hyphenation.Join([broken.Text, rest.Text[..word]]);
            rest.Text = rest.Text[(word + 1)..];
        }
        return true;
    }

    private static void Write(PageBlock block, (int Level, int Start)? heading, Hyphenation hyphenation, DocumentBuilder document)
    {
        if (block.Cells is { } cells)
            document.Table(cells.Select(row => (IReadOnlyList<string>)[.. row.Select(hyphenation.Join)]));
        else if (heading is var (level, start))
            document.Heading(level, block.Text[start..], block.Text[..start]);
        else if (block.IsNote)
            document.Note(block.Text);
        else if (ListMarkers.Starts(block.Text))
            document.ListItem(block.Text);
        else
            document.Paragraph(block.Text);
    }

    // The size in which most of the text is set.
    private static double BodySize(List<PageContent> pages) =>
        pages.SelectMany(page => page.Fragments).GroupBy(fragment => Math.Round(fragment.Size * 2) / 2)
            .MaxBy(group => group.Sum(fragment => (long)fragment.Text.Length))?.Key ?? 10;
}
