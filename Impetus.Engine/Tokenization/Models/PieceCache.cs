namespace Impetus.Engine.Tokenization.Models;

/// <summary>
/// Remembers the tokens of pieces seen before: words repeat. A fixed number of slots, each overwritten by the next piece that
/// falls on it, and no lock: an entry is immutable and a reference is written at once.
/// </summary>
internal sealed class PieceCache
{
    private const int Slots = 1 << 14;
    private const int MaxLength = 64;

    private readonly Entry?[] _entries = new Entry?[Slots];

    public bool TryGet(ReadOnlySpan<char> piece, out Token[] tokens)
    {
        var entry = piece.Length <= MaxLength ? _entries[Slot(piece)] : null;
        bool found = entry is not null && piece.SequenceEqual(entry.Piece);
        tokens = found ? entry!.Tokens : [];
        return found;
    }

    public void Set(ReadOnlySpan<char> piece, ReadOnlySpan<Token> tokens)
    {
        if (piece.Length <= MaxLength)
            _entries[Slot(piece)] = new Entry(piece.ToString(), tokens.ToArray());
    }

    private static int Slot(ReadOnlySpan<char> piece) => string.GetHashCode(piece) & Slots - 1;

    private sealed record Entry(string Piece, Token[] Tokens);
}
