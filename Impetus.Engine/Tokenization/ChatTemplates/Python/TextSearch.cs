using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Ordinal substring search whose time is linear even for texts made to be slow, and what is built on it.</summary>
internal static class TextSearch
{
    /// <summary>Up to this product of lengths the plain search is quick whatever the texts are.</summary>
    private const long PlainWork = 1 << 20;

    /// <summary>The first offset at or after <paramref name="start"/>, or -1.</summary>
    public static int IndexOf(string text, string part, int start = 0)
    {
        if (start + part.Length > text.Length)
            return -1;

        if ((long)text.Length * part.Length <= PlainWork || part.Length < 16)
            return text.IndexOf(part, start, StringComparison.Ordinal);

        return KnuthMorrisPratt(text, part, start);
    }

    /// <summary>The last offset, or -1.</summary>
    public static int LastIndexOf(string text, string part)
    {
        if ((long)text.Length * part.Length <= PlainWork || part.Length < 16)
            return text.LastIndexOf(part, StringComparison.Ordinal);

        int fromEnd = IndexOf(Backwards(text), Backwards(part));
        return fromEnd < 0 ? -1 : text.Length - fromEnd - part.Length;
    }

    /// <summary>The offsets of occurrences that do not overlap, at most <paramref name="limit"/> of them (negative: all).</summary>
    public static List<int> Occurrences(string text, string part, long limit = -1)
    {
        List<int> found = [];
        int at = 0;
        while (found.Count != limit && (at = IndexOf(text, part, at)) >= 0)
        {
            found.Add(at);
            at += part.Length;
        }

        return found;
    }

    /// <summary>The same counted from the end; the offsets still ascend.</summary>
    public static List<int> LastOccurrences(string text, string part, long limit)
    {
        List<int> found = [.. Occurrences(Backwards(text), Backwards(part), limit).Select(at => text.Length - at - part.Length)];
        found.Reverse();
        return found;
    }

    /// <summary>The parts between the given occurrences of a separator.</summary>
    public static IEnumerable<string> Between(string text, IEnumerable<int> offsets, int separatorLength)
    {
        int start = 0;
        foreach (int at in offsets)
        {
            yield return text[start..at];
            start = at + separatorLength;
        }

        yield return text[start..];
    }

    /// <summary>Inserts a text before every code point and at the end, which is how Python replaces the empty text.</summary>
    public static string Interleave(string text, string inserted, long limit)
    {
        StringBuilder result = new();
        foreach (string character in PythonText.Characters(text))
        {
            if (limit != 0)
                result.Append(inserted);
            limit -= limit > 0 ? 1 : 0;
            result.Append(character);
        }

        return result.Append(limit != 0 ? inserted : "").ToString();
    }

    private static string Backwards(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        source.CopyTo(span);
        span.Reverse();
    });

    private static int KnuthMorrisPratt(string text, string part, int start)
    {
        int[] fallback = new int[part.Length];
        for (int i = 1, k = 0; i < part.Length; i++)
        {
            while (k > 0 && part[i] != part[k])
                k = fallback[k - 1];
            fallback[i] = part[i] == part[k] ? ++k : k;
        }

        for (int i = start, k = 0; i < text.Length; i++)
        {
            while (k > 0 && text[i] != part[k])
                k = fallback[k - 1];
            if (text[i] == part[k] && ++k == part.Length)
                return i - k + 1;
        }

        return -1;
    }
}
