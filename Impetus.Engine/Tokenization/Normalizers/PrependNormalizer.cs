using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Puts a text before the first character, if there is one, whose origin it shares.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        if (text.Length == 0)
            return text;
        var rewriter = new TextRewriter(text.Tracked, prefix.Length + text.Length);
        rewriter.Append(prefix, text, 0);
        rewriter.Copy(text, 0, text.Length);
        return rewriter.ToText();
    }
}
