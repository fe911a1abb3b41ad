using System.Text;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>A normaliser that replaces characters one by one, without regard to their neighbours.</summary>
internal abstract class CharacterNormalizer : Normalizer
{
    public sealed override AlignedText Normalize(AlignedText text)
    {
        var span = text.Span;
        TextRewriter? rewriter = null;
        for (int at = 0; at < span.Length;)
        {
            Rune.DecodeFromUtf16(span[at..], out var rune, out int units);
            string? replacement = Replace(rune.Value);
            if (replacement is not null && rewriter is null)
            {
                rewriter = new TextRewriter(text.Tracked, text.Length);
                rewriter.Copy(text, 0, at);
            }
            if (replacement is not null)
                rewriter!.Append(replacement, text, at);
            else
                rewriter?.Copy(text, at, units);
            at += units;
        }
        return rewriter?.ToText() ?? text;
    }

    /// <summary>What a code point becomes; null when it stays.</summary>
    protected abstract string? Replace(int codePoint);
}
