using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>One pre-tokeniser after another.</summary>
internal sealed class SequencePreTokenizer(PreTokenizer[] steps) : PreTokenizer
{
    public override bool NeedsAlignment => steps.Any(s => s.NeedsAlignment);

    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        for (int i = 0; i < steps.Length - 1; i++)
        {
            var between = new List<Piece>(pieces.Count * 2);
            steps[i].Apply(pieces, between);
            pieces = between;
        }
        if (steps.Length > 0)
            steps[^1].Apply(pieces, parts);
        else
            parts.AddRange(pieces);
    }
}
