using System.Text;
using System.Text.RegularExpressions;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Which paragraphs are headings: those that a bookmark of their page names, and short ones in letters that are greater or bolder than the running
/// text. Levels come from the bookmarks where there are some, else from the sizes, the greatest first. In a document of one single type, short lines
/// on their own above a paragraph are headings.
/// </summary>
internal sealed partial class HeadingFinder
{
    private const int MostCharacters = 160;
    private const int MostRows = 3;
    private const double Greater = 1.1;

    private readonly double _bodySize;
    private readonly bool _bodyIsBold;
    private readonly Dictionary<(int Page, string Title), int> _bookmarks = [];
    private readonly List<double> _sizes;
    private readonly bool _isPlain;
    private readonly Dictionary<double, int> _levels = [];

    public HeadingFinder(IReadOnlyList<(int Page, List<PageBlock> Blocks)> pages, IEnumerable<OutlineEntry> outline, double bodySize)
    {
        _bodySize = bodySize;
        foreach (OutlineEntry entry in outline)
            if (entry.Page is { } page)
                _bookmarks.TryAdd((page, Comparable(entry.Title)), entry.Level);
        long bold = 0, all = 0;
        foreach (PageBlock block in pages.SelectMany(page => page.Blocks))
        {
            all += block.Text.Length;
            bold += block.IsBold ? block.Text.Length : 0;
        }
        _bodyIsBold = bold > all / 2;
        foreach ((int page, List<PageBlock> blocks) in pages)
            foreach (PageBlock block in blocks)
                if (Bookmark(page, block) is { } bookmark)
                    _levels.TryAdd(SizeOf(block), bookmark.Level);
        _sizes = [.. pages.SelectMany(page => page.Blocks).Where(LooksLikeHeading).Select(SizeOf).Distinct().OrderDescending()];
        _isPlain = _levels.Count == 0 && _sizes.Count == 0;
    }

    /// <summary>The block's level from 1 and where in its text the heading starts, or null when it is no heading.</summary>
    public (int Level, int Start)? Of(int page, PageBlock block)
    {
        if (Bookmark(page, block) is { } bookmark)
            return bookmark;
        if (_isPlain && block.IsTitleLine)
            return (1, 0);
        if (!LooksLikeHeading(block))
            return null;
        double size = SizeOf(block);
        if (_levels.Count == 0)
            return (_sizes.IndexOf(size) + 1, 0);
        if (_levels.TryGetValue(size, out int level))
            return (level, 0);
        // Greater than what the bookmarks name: a title. Smaller: below the nearest.
        double[] greater = [.. _levels.Keys.Where(known => known > size)];
        return (greater.Length == 0 ? 1 : _levels[greater.Min()] + 1, 0);
    }

    // Bookmarks often leave out the number that the page shows.
    private (int Level, int Start)? Bookmark(int page, PageBlock block)
    {
        if (block.Cells is not null || block.IsNote || block.Text.Length > MostCharacters)
            return null;
        if (_bookmarks.TryGetValue((page, Comparable(block.Text)), out int level))
            return (level, 0);
        int start = Numbering().Match(block.Text).Length;
        return start > 0 && _bookmarks.TryGetValue((page, Comparable(block.Text[start..])), out level) ? (level, start) : null;
    }

    private bool LooksLikeHeading(PageBlock block)
    {
        if (block.Cells is not null || block.IsNote || block.Rows.Count > MostRows || block.Text.Length > MostCharacters || !block.Text.Any(char.IsLetter))
            return false;
        bool emphasised = block.Size >= Greater * _bodySize || (block.IsBold && !_bodyIsBold && block.Size >= 0.95 * _bodySize);
        return emphasised && block.Text[^1] is not ('.' or ',' or ';' or '。');
    }

    // Bold headings of the body's size are below greater ones.
    private static double SizeOf(PageBlock block) => Math.Round(block.Size * 2) / 2;

    private static string Comparable(string text)
    {
        StringBuilder letters = new();
        foreach (char c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c))
                letters.Append(char.ToLowerInvariant(c));
        return letters.ToString();
    }

    [GeneratedRegex(@"^(\p{L}+\s)?([0-9]+|[IVXLC]+|[A-Z])([.:][0-9]+)*[.:)]?\s+")]
    private static partial Regex Numbering();
}
