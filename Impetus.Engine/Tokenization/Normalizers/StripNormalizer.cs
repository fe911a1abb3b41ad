using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Drops white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        var span = text.Span;
        int start = 0, end = span.Length;
        while (left && start < end && UnicodeData.Whitespace.Contains(span[start]))
            start++;
        while (right && end > start && UnicodeData.Whitespace.Contains(span[end - 1]))
            end--;
        return text.Slice(start, end - start);
    }
}
