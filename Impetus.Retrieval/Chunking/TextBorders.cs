namespace Impetus.Retrieval.Chunking;

/// <summary>Where a text may be cut, from the best border to the worst.</summary>
internal enum BorderKind
{
    Heading1,
    Heading2,
    Heading3,
    Heading4,
    Heading5,
    Heading6,
    Paragraph,
    Sentence,
    Line,
    Word,
}

/// <summary>Finds the borders of each kind. A kept block that fits the token limit has none inside.</summary>
internal sealed class TextBorders(ChunkSource source, Func<TextRange, bool> fitsTokens)
{
    private readonly List<TextRange> _kept = [.. source.Blocks.Where(fitsTokens)];

    public string Text { get; } = source.Text;

    /// <summary>Whether the range lies in one kept block.</summary>
    public bool IsKept(TextRange range) =>
        KeptBlockAt(range.Start) is { } block && range.End <= block.End;

    /// <summary>The range without the white space at its ends.</summary>
    public TextRange Trim(TextRange range)
    {
        int start = range.Start, end = range.End;
        while (start < end && char.IsWhiteSpace(Text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(Text[end - 1]))
            end--;
        return new TextRange(start, end);
    }

    /// <summary>The trimmed parts of the range between borders of this kind; parts of white space alone are left out.</summary>
    public IEnumerable<TextRange> Parts(TextRange range, BorderKind kind)
    {
        int start = range.Start;
        foreach (int border in Borders(range, kind))
        {
            if (border <= start || border >= range.End || char.IsSurrogatePair(Text[border - 1], Text[border]))
                continue;
            if (KeptBlockAt(border) is { } block && block.Start < border)
                continue;
            var part = Trim(new TextRange(start, border));
            if (part.Start < part.End)
                yield return part;
            start = border;
        }
        var last = Trim(new TextRange(start, range.End));
        if (last.Start < last.End)
            yield return last;
    }

    private IEnumerable<int> Borders(TextRange range, BorderKind kind) => kind switch
    {
        <= BorderKind.Heading6 => HeadingStarts(range, level: (int)kind + 1),
        BorderKind.Paragraph => ParagraphStarts(range),
        BorderKind.Sentence => Sentences.Starts(Text, range).Where(border => !IsInBlock(border)),
        BorderKind.Line => LineStarts(range),
        _ => WordStarts(range),
    };

    private IEnumerable<int> HeadingStarts(TextRange range, int level)
    {
        int first = SortedSearch.FirstAtOrAfter(source.Headings, range.Start, heading => heading.Start);
        for (int i = first; i < source.Headings.Count && source.Headings[i].Start < range.End; i++)
        {
            if (Math.Clamp(source.Headings[i].Level, 1, 6) == level)
                yield return source.Headings[i].Start;
        }
    }

    /// <summary>After blank lines, and at both ends of blocks.</summary>
    private IEnumerable<int> ParagraphStarts(TextRange range)
    {
        int block = SortedSearch.FirstAtOrAfter(source.Blocks, range.Start, block => block.End);
        bool blank = false;
        for (int position = range.Start; position < range.End;)
        {
            int newline = Text.IndexOf('\n', position, range.End - position);
            int end = newline < 0 ? range.End : newline + 1;
            for (; block < source.Blocks.Count && source.Blocks[block].Start < end; block++)
            {
                yield return source.Blocks[block].Start;
                if (source.Blocks[block].End >= end)
                    break;
                yield return source.Blocks[block].End;
            }
            bool isBlank = Text.AsSpan(position, end - position).IsWhiteSpace();
            if (blank && !isBlank)
                yield return position;
            blank = isBlank;
            position = end;
        }
    }

    private IEnumerable<int> LineStarts(TextRange range)
    {
        for (int position = range.Start; (position = Text.IndexOf('\n', position, range.End - position)) >= 0;)
            yield return ++position;
    }

    private IEnumerable<int> WordStarts(TextRange range)
    {
        for (int i = range.Start + 1; i < range.End; i++)
        {
            if (!char.IsWhiteSpace(Text[i]) && char.IsWhiteSpace(Text[i - 1]))
                yield return i;
        }
    }

    private TextRange? KeptBlockAt(int position) => BlockAt(_kept, position);

    private bool IsInBlock(int position) => BlockAt(source.Blocks, position) is not null;

    private static TextRange? BlockAt(IReadOnlyList<TextRange> blocks, int position)
    {
        int index = SortedSearch.LastAtOrBefore(blocks, position, block => block.Start);
        return index >= 0 && position < blocks[index].End ? blocks[index] : null;
    }
}
