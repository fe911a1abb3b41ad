using System.Buffers;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Text as Python sees it: a sequence of Unicode code points, of which .NET's strings are the UTF-16 form.</summary>
/// <remarks>A lone surrogate counts as a code point, as it does in Python.</remarks>
internal static class PythonText
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029");

    /// <summary>Whether any code point takes two UTF-16 code units, so that offsets of the two forms may differ.</summary>
    public static bool HasSurrogates(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>The number of code points.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        int first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
            return text.Length;

        int count = first;
        for (int i = first; i < text.Length; i += UnitsAt(text, i))
            count++;
        return count;
    }

    /// <summary>How many UTF-16 code units the code point at an offset takes: one or two.</summary>
    public static int UnitsAt(ReadOnlySpan<char> text, int offset) =>
        char.IsHighSurrogate(text[offset]) && offset + 1 < text.Length && char.IsLowSurrogate(text[offset + 1]) ? 2 : 1;

    /// <summary>The code points, each as a text of its own.</summary>
    public static IEnumerable<string> Characters(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int units = UnitsAt(text, i);
            yield return units == 1 ? Single(text[i]) : text.Substring(i, units);
            i += units;
        }
    }

    /// <summary>The code points as numbers.</summary>
    public static int[] CodePoints(string text)
    {
        int[] points = new int[Length(text)];
        for (int i = 0, n = 0; i < text.Length; n++)
        {
            int units = UnitsAt(text, i);
            points[n] = units == 2 ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
            i += units;
        }

        return points;
    }

    /// <summary>A code point, which may be a lone surrogate, as text.</summary>
    public static string FromCodePoint(int point) => point > 0xFFFF ? char.ConvertFromUtf32(point) : Single((char)point);

    /// <summary>Text from code points.</summary>
    public static string FromCodePoints(IEnumerable<int> points)
    {
        StringBuilder text = new();
        foreach (int point in points)
            text.Append(FromCodePoint(point));
        return text.ToString();
    }

    /// <summary>The UTF-16 offset of a code point's index, which may be the length.</summary>
    public static int OffsetOf(string text, int index)
    {
        if (!HasSurrogates(text))
            return index;

        int offset = 0;
        while (index-- > 0)
            offset += UnitsAt(text, offset);
        return offset;
    }

    /// <summary>Python's <c>str.isspace</c> of one character; none of them is beyond the basic plane.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary><c>strip()</c>, <c>lstrip()</c> and <c>rstrip()</c> of white space.</summary>
    public static string Strip(string text, bool start, bool end)
    {
        int from = 0, to = text.Length;
        while (start && from < to && IsSpace(text[from]))
            from++;
        while (end && to > from && IsSpace(text[to - 1]))
            to--;
        return text[from..to];
    }

    /// <summary><c>strip(chars)</c>: removes any of a set of code points.</summary>
    public static string Strip(string text, string characters, bool start, bool end)
    {
        HashSet<string> set = [.. Characters(characters)];
        int from = 0, to = text.Length;
        while (start && from < to && set.Contains(text.Substring(from, UnitsAt(text, from))))
            from += UnitsAt(text, from);
        while (end && to > from && set.Contains(text.Substring(LastOffset(text, to), to - LastOffset(text, to))))
            to = LastOffset(text, to);
        return from >= to ? "" : text[from..to];
    }

    /// <summary><c>splitlines()</c>: Python knows more line breaks than the line feed.</summary>
    public static List<string> SplitLines(string text, bool keepEnds)
    {
        List<string> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOfAny(LineBreaks);
            int end = length < 0 ? text.Length : start + length;
            int next = length < 0 ? end : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }

        return lines;
    }

    /// <summary>The code points in opposite order.</summary>
    public static string Reverse(string text)
    {
        if (!HasSurrogates(text))
            return string.Create(text.Length, text, static (span, source) =>
            {
                source.CopyTo(span);
                span.Reverse();
            });

        int[] points = CodePoints(text);
        Array.Reverse(points);
        return FromCodePoints(points);
    }

    private static int LastOffset(string text, int end) =>
        end >= 2 && char.IsLowSurrogate(text[end - 1]) && char.IsHighSurrogate(text[end - 2]) ? end - 2 : end - 1;

    private static string Single(char c) => c < 128 ? Ascii[c] : c.ToString();

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];
}
