using Impetus.Engine.Tokenization.Regex;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>Splits at the matches of a pattern, or at what they leave when inverted.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        foreach (var piece in pieces)
            behavior.Split(piece, pattern.FindMatches(piece.Span), invert, parts);
    }
}
