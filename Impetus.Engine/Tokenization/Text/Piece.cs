namespace Impetus.Engine.Tokenization.Text;

/// <summary>A stretch of a text: still to be tokenised, or already recognised as the added token <see cref="AddedId"/>.</summary>
internal readonly record struct Piece(AlignedText Text, int Start, int Length, int AddedId = Piece.NotAdded)
{
    public const int NotAdded = -1;

    public ReadOnlySpan<char> Span => Text.Span.Slice(Start, Length);

    public bool IsAdded => AddedId != NotAdded;

    /// <summary>The origin of the whole piece, which is not empty.</summary>
    public Alignment Origin => new(Text.At(Start).Start, Text.At(Start + Length - 1).End);

    /// <summary>A part of this piece, its start counted from the piece's.</summary>
    public Piece Part(int start, int length) => new(Text, Start + start, length);
}
