using System.Collections.Frozen;

namespace Impetus.Retrieval.Chunking;

/// <summary>
/// Finds where sentences begin: after a full stop, question or exclamation mark (and closing quotes or brackets) and white space; after
/// the marks of Chinese, Japanese and Hindi also without white space. Abbreviations, initials and numbered items do not end a sentence.
/// </summary>
internal static class Sentences
{
    private const string SpacedEnds = ".!?…؟۔";
    private const string UnspacedEnds = "。！？｡।॥";
    private const string Closers = "\"'”’»›)]}』」】）";

    private static readonly FrozenSet<string> Abbreviations = FrozenSet.ToFrozenSet(
        [
            "dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "vs", "etc", "e.g", "i.e", "cf", "al", "no", "nr", "fig", "figs", "eq", "vol",
            "pp", "ed", "eds", "dept", "inc", "ltd", "co", "corp", "gen", "col", "sgt", "capt", "lt", "rev", "hon", "approx", "ca", "bzw",
            "z.b", "d.h", "u.a", "usw", "vgl", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Ascending positions inside the range at which a sentence begins, the range's own start left out.</summary>
    public static IEnumerable<int> Starts(string text, TextRange range)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            bool unspaced = UnspacedEnds.Contains(text[i], StringComparison.Ordinal);
            if (!unspaced && !SpacedEnds.Contains(text[i], StringComparison.Ordinal))
                continue;
            int mark = i;
            while (i + 1 < range.End && (Closers.Contains(text[i + 1], StringComparison.Ordinal) || IsEnd(text[i + 1])))
                i++;
            int next = i + 1;
            while (next < range.End && char.IsWhiteSpace(text[next]))
                next++;
            if (next >= range.End)
                yield break;
            if (unspaced || (next > i + 1 && !char.IsLower(text[next]) && !(text[mark] == '.' && IsAbbreviated(text, range.Start, mark))))
                yield return next;
        }
    }

    private static bool IsEnd(char c) =>
        SpacedEnds.Contains(c, StringComparison.Ordinal) || UnspacedEnds.Contains(c, StringComparison.Ordinal);

    private static bool IsAbbreviated(string text, int start, int dot)
    {
        int first = dot;
        while (first > start && dot - first < 8 && (char.IsLetterOrDigit(text[first - 1]) || text[first - 1] == '.'))
            first--;
        int length = dot - first;
        if (length == 0)
            return false;
        if (length == 1 && char.IsUpper(text[first]))
            return true;
        bool opensLine = first == start || text[first - 1] == '\n';
        if (opensLine && length <= 3 && text.AsSpan(first, length).IndexOfAnyExceptInRange('0', '9') < 0)
            return true;
        return Abbreviations.Contains(text.Substring(first, length));
    }
}
