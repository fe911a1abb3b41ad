namespace Impetus.Retrieval.Chunking;

/// <summary>
/// Cuts a document recursively: at headings, then paragraphs, sentences, lines, words and at last anywhere, joining neighbours of one kind
/// while they fit. Kept blocks (code, tables) are cut only where they are over the token limit. Chunks cover all text but white space.
/// Thread-safe.
/// </summary>
public sealed class Chunker
{
    /// <summary>Sections below this share of the target are joined with the next one: a bare chapter title is no evidence.</summary>
    private const int TinySectionShare = 4;

    /// <summary>A kept block may be this many times longer than the target: tables and code have few tokens a character.</summary>
    private const int BlockLengthFactor = 4;

    private readonly ITokenCounter _tokens;
    private readonly ChunkingOptions _options;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for options that are out of their ranges.</summary>
    public Chunker(ITokenCounter tokens, ChunkingOptions options)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _tokens = tokens;
        _options = options;
    }

    /// <summary>The document's chunks in order; none where it has no text.</summary>
    public IReadOnlyList<TextChunk> Chunk(ChunkSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var borders = new TextBorders(source, range => FitsTokens(source.Text, range));
        var ranges = new List<TextRange>();
        Split(new TextRange(0, source.Text.Length), BorderKind.Heading1, borders, ranges);
        return Describe(source, borders, ranges);
    }

    private void Split(TextRange range, BorderKind kind, TextBorders borders, List<TextRange> ranges)
    {
        range = borders.Trim(range);
        if (range.Start == range.End)
            return;
        if (Fits(range, borders))
        {
            ranges.Add(range);
            return;
        }
        if (kind > BorderKind.Word)
        {
            CutAnywhere(range, borders, ranges);
            return;
        }

        TextRange? open = null;
        foreach (var part in borders.Parts(range, kind))
        {
            if (open is { } joined && MayJoin(joined, kind) && Fits(new TextRange(joined.Start, part.End), borders))
            {
                open = new TextRange(joined.Start, part.End);
                continue;
            }
            if (open is { } whole)
                Split(whole, kind + 1, borders, ranges);
            open = part;
        }
        if (open is { } last)
            Split(last, kind + 1, borders, ranges);
    }

    private bool MayJoin(TextRange section, BorderKind kind) =>
        kind > BorderKind.Heading6 || section.End - section.Start < _options.TargetLength / TinySectionShare;

    private bool Fits(TextRange range, TextBorders borders) =>
        (range.End - range.Start <= _options.TargetLength || borders.IsKept(range)) && FitsTokens(borders.Text, range);

    private bool FitsTokens(string text, TextRange range) =>
        range.End - range.Start <= _options.TargetLength * BlockLengthFactor
        && _tokens.Count(text.AsSpan(range.Start, range.End - range.Start)) <= _options.MaxTokens;

    private void CutAnywhere(TextRange range, TextBorders borders, List<TextRange> ranges)
    {
        string text = borders.Text;
        for (int start = range.Start; start < range.End;)
        {
            var window = text.AsSpan(start, Math.Min(_options.TargetLength, range.End - start));
            int length = Math.Min(_tokens.PrefixLength(window, _options.MaxTokens), window.Length);
            if (length > 0 && start + length < range.End && char.IsSurrogatePair(text[start + length - 1], text[start + length]))
                length--;
            if (length <= 0)
                length = start + 1 < range.End && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
            ranges.Add(new TextRange(start, start + length));
            start += length;
        }
    }

    private List<TextChunk> Describe(ChunkSource source, TextBorders borders, List<TextRange> ranges)
    {
        var chunks = new List<TextChunk>(ranges.Count);
        var headings = new HeadingPaths(source.Headings);
        var pages = new PageNumbers(source.Pages);
        for (int i = 0; i < ranges.Count; i++)
        {
            var range = i == 0 || _options.Overlap == 0 ? ranges[i] : Overlapped(ranges[i - 1], ranges[i], borders, headings);
            int tokens = _tokens.Count(source.Text.AsSpan(range.Start, range.End - range.Start));
            chunks.Add(new TextChunk(
                i, range.Start, range.End, pages.At(range.Start), pages.At(range.End - 1), headings.Of(range), tokens));
        }
        return chunks;
    }

    /// <summary>The chunk with the last whole sentences of the one before it, as far as section, overlap and token limit allow.</summary>
    private TextRange Overlapped(TextRange before, TextRange chunk, TextBorders borders, HeadingPaths headings)
    {
        if (headings.SectionAt(before.End - 1) != headings.SectionAt(chunk.Start) || borders.IsKept(chunk))
            return chunk;
        foreach (var sentence in borders.Parts(before, BorderKind.Sentence))
        {
            if (sentence.Start == before.Start || before.End - sentence.Start > _options.Overlap)
                continue;
            var longer = new TextRange(sentence.Start, chunk.End);
            if (FitsTokens(borders.Text, longer))
                return longer;
        }
        return chunk;
    }
}
