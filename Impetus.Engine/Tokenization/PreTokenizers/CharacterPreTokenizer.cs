using System.Text;
using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>Splits at each code point of a set.</summary>
internal sealed class CharacterPreTokenizer(CodePointSet delimiters, SplitBehavior behavior) : PreTokenizer
{
    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        var matches = new List<(int Start, int End)>();
        foreach (var piece in pieces)
        {
            matches.Clear();
            Find(piece.Span, matches);
            if (matches.Count == 0)
                parts.Add(piece);
            else
                behavior.Split(piece, matches, invert: false, parts);
        }
    }

    private void Find(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out int units);
            if (delimiters.Contains(rune.Value))
                matches.Add((at, at + units));
            at += units;
        }
    }
}
