using System.Text;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Chunking;

namespace Impetus.Server.Management;

/// <summary>Keeps what is written in a document from steering a model: text that looks like a special token stays text.</summary>
internal static class SpecialTokens
{
    private const char Breaker = '\u200B';
    private const int MaxRounds = 8;

    /// <summary>
    /// Puts a zero-width space into whatever the tokenizer takes for a special token, and looks again: what it takes for one, after its own
    /// normalisation, is the tokenizer's affair. What resists is left out.
    /// </summary>
    public static string Break(HfTokenizer tokenizer, string text)
    {
        for (int round = 0; ; round++)
        {
            var encoding = tokenizer.Encode(text, addSpecialTokens: false);
            var special = Enumerable.Range(0, encoding.Count).Where(i => IsWritten(tokenizer, text, encoding, i)).Select(i => encoding.Offsets[i]).ToList();
            if (special.Count == 0)
                return text;
            text = Replace(text, special, keep: round < MaxRounds);
        }
    }

    /// <summary>A character that the tokenizer does not know becomes a special token too; it steers nothing unless it is spelled out.</summary>
    private static bool IsWritten(HfTokenizer tokenizer, string text, TokenEncoding encoding, int i)
    {
        int id = encoding.Ids[i];
        if (!tokenizer.IsSpecial(id) || id != tokenizer.UnknownId)
            return tokenizer.IsSpecial(id);
        var (start, end) = encoding.Offsets[i];
        return text[CodePoints.ToUtf16(text, start)..CodePoints.ToUtf16(text, end)] == tokenizer.IdToToken(id);
    }

    private static string Replace(string text, List<TokenOffset> tokens, bool keep)
    {
        var result = new StringBuilder();
        int done = 0;
        foreach (var token in tokens)
        {
            int start = CodePoints.ToUtf16(text, token.Start), end = CodePoints.ToUtf16(text, token.End);
            if (start < done)
                continue;
            result.Append(text, done, start - done);
            if (keep && end > start)
                result.Append(text[start]).Append(Breaker).Append(text, start + 1, end - start - 1);
            done = end;
        }
        return result.Append(text, done, text.Length - done).ToString();
    }
}
