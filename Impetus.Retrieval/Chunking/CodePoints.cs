namespace Impetus.Retrieval.Chunking;

/// <summary>Unicode code points: what the API counts in, where .NET counts UTF-16 code units.</summary>
public static class CodePoints
{
    /// <summary>The number of code points of a text. A lone surrogate counts as one.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int pairs = 0;
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                pairs++;
            int next = text[(i + 1)..].IndexOfAnyInRange('\uD800', '\uDBFF');
            if (next < 0)
                break;
            i += next;
        }
        return text.Length - pairs;
    }

    /// <summary>The UTF-16 offset of a code point: <paramref name="codePoint"/> from 0 to <see cref="Count"/>.</summary>
    public static int ToUtf16(ReadOnlySpan<char> text, int codePoint)
    {
        int offset = 0;
        for (int i = 0; i < codePoint; i++)
            offset += offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
        return offset;
    }
}
