using System.Text;

namespace Impetus.Engine.Tokenization.Text;

/// <summary>Builds the text that a normaliser or pre-tokeniser makes of another, and its alignments when they are tracked.</summary>
internal sealed class TextRewriter(bool tracked, int capacity)
{
    /// <summary>A text that grows beyond this many UTF-16 units is given up: a replacement in the file blows it up.</summary>
    private const int MaxLength = 1 << 26;

    private char[] _characters = new char[Math.Clamp(capacity, 4, MaxLength)];
    private Alignment[]? _alignments = tracked ? new Alignment[Math.Clamp(capacity, 4, MaxLength)] : null;

    public int Length { get; private set; }

    public ReadOnlySpan<char> Written => _characters.AsSpan(0, Length);

    /// <summary>Keeps a part of the source as it is.</summary>
    public void Copy(AlignedText source, int start, int length)
    {
        Reserve(length);
        source.Span.Slice(start, length).CopyTo(_characters.AsSpan(Length));
        for (int i = 0; _alignments is not null && i < length; i++)
            _alignments[Length + i] = source.At(start + i);
        Length += length;
    }

    /// <summary>Writes a character in the place of the source's unit at <paramref name="sourceIndex"/>.</summary>
    public void Append(char character, AlignedText source, int sourceIndex)
    {
        Reserve(1);
        _characters[Length] = character;
        if (_alignments is not null)
            _alignments[Length] = source.At(sourceIndex);
        Length++;
    }

    /// <summary>Writes text that shares the origin of the source's unit at <paramref name="sourceIndex"/>; −1 is the empty beginning.</summary>
    public void Append(ReadOnlySpan<char> text, AlignedText source, int sourceIndex)
    {
        Reserve(text.Length);
        text.CopyTo(_characters.AsSpan(Length));
        if (_alignments is not null)
            _alignments.AsSpan(Length, text.Length).Fill(sourceIndex < 0 ? default : source.At(sourceIndex));
        Length += text.Length;
    }

    public void Append(Rune rune, AlignedText source, int sourceIndex)
    {
        Span<char> units = stackalloc char[2];
        Append(units[..rune.EncodeToUtf16(units)], source, sourceIndex);
    }

    public AlignedText ToText() => AlignedText.Rewritten(_characters.AsMemory(0, Length), _alignments);

    private void Reserve(int more)
    {
        if (Length + more <= _characters.Length)
            return;
        if (Length > MaxLength - more)
            throw new TokenizationException($"Normalising makes this text longer than {MaxLength} characters.");
        int size = Math.Max(Length + more, _characters.Length * 2);
        Array.Resize(ref _characters, size);
        if (_alignments is not null)
            Array.Resize(ref _alignments, size);
    }
}
