using System.Text;

namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>Receives one index term.</summary>
internal delegate void TermSink(ReadOnlySpan<char> term);

/// <summary>Receives one folded word, which it may change in place.</summary>
internal delegate void WordSink(Span<char> word, Script script);

/// <summary>
/// Text into index terms: folded words, stemmed or cut for their language; overlapping pairs of characters where a script has no spaces. Terms
/// hold letters, marks and digits alone. A change of what this yields needs a new <see cref="Version"/>: indexes are then built anew.
/// </summary>
internal static class TextAnalyzer
{
    /// <summary>Version of the terms.</summary>
    public const int Version = 1;

    private const int MaxWordLength = 64;

    /// <summary>
    /// Other languages than English are matched by the first letters of words: it serves all that inflect at the end, and parts German
    /// compounds (P. McNamee and J. Mayfield, "Character n-gram tokenization for European language text retrieval", 2004).
    /// </summary>
    private const int CutLength = 6;

    /// <summary>Appends the terms of a text, separated by spaces, and returns their number.</summary>
    public static int Append(StringBuilder output, string text, string language)
    {
        int count = 0;
        Analyze(text, language, term =>
        {
            output.Append(term).Append(' ');
            count++;
        });
        return count;
    }

    /// <summary>The terms of a text in order.</summary>
    public static List<string> Terms(string text, string language)
    {
        var terms = new List<string>();
        Analyze(text, language, term => terms.Add(term.ToString()));
        return terms;
    }

    /// <summary>Yields the terms of a text in order.</summary>
    public static void Analyze(string text, string language, TermSink sink) =>
        ForEachWord(text, (word, script) => TermsOfWord(word, script, language, sink));

    /// <summary>Yields the folded words of a text; runs of unspaced script are one word. Words beyond 64 code units are cut.</summary>
    public static void ForEachWord(string text, WordSink sink)
    {
        string folded = FoldedText.Fold(FoldedText.WellFormed(text));
        Span<char> word = stackalloc char[MaxWordLength];
        int length = 0;
        var script = Script.Other;
        foreach (var rune in folded.EnumerateRunes())
        {
            bool isWord = FoldedText.IsWordRune(rune);
            var next = isWord && !Rune.IsDigit(rune) ? Scripts.Of(rune) : Script.Latin;
            if (length > 0 && (!isWord || (next == Script.Unspaced) != (script == Script.Unspaced)))
            {
                sink(word[..length], script);
                length = 0;
            }
            if (!isWord)
                continue;
            if (length == 0 || next != Script.Latin)
                script = next;
            if (length + rune.Utf16SequenceLength <= MaxWordLength)
                length += rune.EncodeToUtf16(word[length..]);
            else if (script == Script.Unspaced)
            {
                sink(word[..length], script);
                length = rune.EncodeToUtf16(word);
            }
        }
        if (length > 0)
            sink(word[..length], script);
    }

    /// <summary>Yields the terms of one folded word.</summary>
    public static void TermsOfWord(Span<char> word, Script script, string language, TermSink sink)
    {
        if (script == Script.Unspaced)
            Pairs(word, sink);
        else
            sink(Stem(word, script, language));
    }

    private static Span<char> Stem(Span<char> word, Script script, string language) => script switch
    {
        Script.Arabic => word[ArabicStemmer.Stem(word)],
        Script.Latin when language == Languages.English => word[..PorterStemmer.Stem(word)],
        _ when word.ContainsAnyInRange('0', '9') => word,
        Script.Latin when language == "de" => Cut(word[..GermanStemmer.Stem(word)]),
        _ => Cut(word),
    };

    private static Span<char> Cut(Span<char> word) => word.Length <= CutLength ? word : word[..CutLength];

    /// <summary>Overlapping pairs; a character that stands alone is its own term.</summary>
    private static void Pairs(ReadOnlySpan<char> word, TermSink sink)
    {
        Rune.DecodeFromUtf16(word, out _, out int first);
        if (first == word.Length)
        {
            sink(word);
            return;
        }
        for (int start = 0; ;)
        {
            Rune.DecodeFromUtf16(word[start..], out _, out int left);
            if (start + left >= word.Length)
                return;
            Rune.DecodeFromUtf16(word[(start + left)..], out _, out int right);
            sink(word.Slice(start, left + right));
            start += left;
        }
    }
}
