namespace Impetus.Retrieval.Chunking;

/// <summary>On which page a place is.</summary>
internal sealed class PageNumbers(IReadOnlyList<PageRange> pages)
{
    /// <summary>The page that holds the position, or the last one before it; 0 where there are no pages.</summary>
    public int At(int position) =>
        pages.Count == 0 ? 0 : pages[Math.Max(0, SortedSearch.LastAtOrBefore(pages, position, page => page.Start))].Number;
}
