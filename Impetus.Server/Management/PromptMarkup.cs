using System.Text;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Chunking;

namespace Impetus.Server.Management;

/// <summary>
/// What steers a model when it stands in a prompt: the tokens that its tokenizer adds to the words, and the marks of its chat template, which
/// need not be tokens (<c>[INST]</c>, <c>### User:</c>). Keeps both out of text that comes from documents. Thread safe.
/// </summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="markers">The template's marks, as <see cref="TemplateMarkers"/> finds them.</param>
internal sealed class PromptMarkup(HfTokenizer tokenizer, IReadOnlyList<string> markers)
{
    private const char Breaker = '\u200B';
    private const int MaxRounds = 8;

    /// <summary>
    /// Puts a zero-width space into whatever would steer, and looks again: what the tokenizer takes for a token, after its own normalisation,
    /// is the tokenizer's affair. What resists is left out.
    /// </summary>
    public string Break(string text)
    {
        for (int round = 0; ; round++)
        {
            var found = Tokens(text).Concat(Markers(text)).OrderBy(range => range.Start).ToList();
            if (found.Count == 0)
                return text;
            text = Replace(text, found, keep: round < MaxRounds);
        }
    }

    private IEnumerable<TextRange> Tokens(string text)
    {
        var encoding = tokenizer.Encode(text, addSpecialTokens: false);
        for (int i = 0; i < encoding.Count; i++)
        {
            if (!tokenizer.IsAdded(encoding.Ids[i]))
                continue;
            int start = CodePoints.ToUtf16(text, encoding.Offsets[i].Start), end = CodePoints.ToUtf16(text, encoding.Offsets[i].End);
            // Runs of white space are tokens to some models and steer nothing. Nor does a character that is unknown, unless that is spelled out.
            bool steers = encoding.Ids[i] != tokenizer.UnknownId || text[start..end] == tokenizer.IdToToken(encoding.Ids[i]);
            if (steers && !text.AsSpan(start, end - start).IsWhiteSpace())
                yield return new TextRange(start, end);
        }
    }

    private IEnumerable<TextRange> Markers(string text)
    {
        foreach (string marker in markers)
        {
            for (int at = 0; (at = text.IndexOf(marker, at, StringComparison.Ordinal)) >= 0; at += marker.Length)
                yield return new TextRange(at, at + marker.Length);
        }
    }

    private static string Replace(string text, List<TextRange> found, bool keep)
    {
        var result = new StringBuilder();
        int done = 0;
        foreach (var range in found.Where(range => range.Start >= done || range.End > done))
        {
            int start = Math.Max(range.Start, done);
            result.Append(text, done, start - done);
            done = range.End;
            if (!keep)
                continue;
            int first = start + 1 < range.End && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
            result.Append(text, start, first).Append(Breaker).Append(text, start + first, range.End - start - first);
        }
        return result.Append(text, done, text.Length - done).ToString();
    }
}
