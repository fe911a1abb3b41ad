using Impetus.Engine.Tokenization.Regex;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Puts a fixed text in the place of each match; the new text comes from the last character that it replaces.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        var matches = pattern.FindMatches(text.Span);
        if (matches.Count == 0)
            return text;
        var rewriter = new TextRewriter(text.Tracked, text.Length);
        int at = 0;
        foreach (var (start, end) in matches)
        {
            rewriter.Copy(text, at, start - at);
            rewriter.Append(content, text, end - 1);
            at = end;
        }
        rewriter.Copy(text, at, text.Length - at);
        return rewriter.ToText();
    }
}
