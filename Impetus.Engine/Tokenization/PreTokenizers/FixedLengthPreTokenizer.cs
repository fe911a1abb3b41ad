using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>Cuts after each <paramref name="length"/> code points.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : PreTokenizer
{
    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        foreach (var piece in pieces)
        {
            var span = piece.Span;
            for (int start = 0; start < span.Length;)
            {
                int end = start;
                for (int taken = 0; taken < length && end < span.Length; taken++)
                    end += char.IsHighSurrogate(span[end]) && end + 1 < span.Length ? 2 : 1;
                parts.Add(piece.Part(start, end - start));
                start = end;
            }
        }
    }
}
