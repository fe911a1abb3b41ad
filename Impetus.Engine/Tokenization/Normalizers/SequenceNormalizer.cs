using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>One normaliser after another.</summary>
internal sealed class SequenceNormalizer(Normalizer[] steps) : Normalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        foreach (var step in steps)
            text = step.Normalize(text);
        return text;
    }
}
