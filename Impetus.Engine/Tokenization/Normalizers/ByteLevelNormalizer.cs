using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Writes each byte as its letter of <see cref="ByteAlphabet"/>.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        var rewriter = new TextRewriter(text.Tracked, text.Length);
        ByteAlphabet.Spell(text, 0, text.Length, rewriter);
        return rewriter.ToText();
    }
}
