namespace Impetus.Engine.Tokenization.Text;

/// <summary>
/// A text on its way through the pipeline which remembers, for each UTF-16 unit, the whole character of the original that
/// it came from. Immutable. A text that nobody asked the offsets of carries no alignments and answers with none.
/// </summary>
internal sealed class AlignedText
{
    private readonly ReadOnlyMemory<char> _characters;
    private readonly Alignment[]? _alignments;
    private readonly int _shift;

    private AlignedText(ReadOnlyMemory<char> characters, Alignment[]? alignments, int shift, bool tracked)
    {
        _characters = characters;
        _alignments = alignments;
        _shift = shift;
        Tracked = tracked;
    }

    public ReadOnlySpan<char> Span => _characters.Span;

    public int Length => _characters.Length;

    /// <summary>Whether rewriting this text must keep alignments.</summary>
    public bool Tracked { get; }

    /// <summary>The original itself: each character comes from its own place.</summary>
    public static AlignedText Original(string text, bool tracked) => new(text.AsMemory(), null, 0, tracked);

    /// <summary>A rewritten text; <paramref name="alignments"/> is null when not tracked.</summary>
    public static AlignedText Rewritten(ReadOnlyMemory<char> characters, Alignment[]? alignments) =>
        new(characters, alignments, 0, alignments is not null);

    public AlignedText Slice(int start, int length)
    {
        if (start == 0 && length == Length)
            return this;
        return _alignments is null
            ? new AlignedText(_characters.Slice(start, length), null, _shift + start, Tracked)
            : new AlignedText(_characters.Slice(start, length), _alignments.AsSpan(start, length).ToArray(), 0, Tracked);
    }

    /// <summary>The origin of the unit at <paramref name="index"/>: its whole character, a surrogate pair included.</summary>
    public Alignment At(int index)
    {
        if (_alignments is not null)
            return _alignments[index];
        var span = Span;
        int start = index, end = index + 1;
        if (char.IsHighSurrogate(span[index]) && end < span.Length && char.IsLowSurrogate(span[end]))
            end++;
        else if (char.IsLowSurrogate(span[index]) && index > 0 && char.IsHighSurrogate(span[index - 1]))
            start--;
        return new Alignment(_shift + start, _shift + end);
    }
}
