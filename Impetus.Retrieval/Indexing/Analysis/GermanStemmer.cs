namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>The German stemmer of the Snowball project, as its description gives it, for lower-case words whose umlauts are folded away.</summary>
internal static class GermanStemmer
{
    /// <summary>The length of the stem of <paramref name="word"/>.</summary>
    public static int Stem(ReadOnlySpan<char> word)
    {
        if (word.Length < 4)
            return word.Length;
        int first = Math.Max(3, AfterVowelConsonant(word, 0));
        int second = AfterVowelConsonant(word, AfterVowelConsonant(word, 0));
        int length = Inflection(word, word.Length, first);
        length = Comparison(word, length, first);
        return Derivation(word, length, first, second);
    }

    private static int Inflection(ReadOnlySpan<char> word, int length, int region)
    {
        if (Ends(word, length, region, "ern"))
            return length - 3;
        if (Ends(word, length, region, "em") || Ends(word, length, region, "er"))
            return length - 2;
        int cut = Ends(word, length, region, "en") || Ends(word, length, region, "es") ? 2 : Ends(word, length, region, "e") ? 1 : 0;
        if (cut > 0)
            return word[..(length - cut)].EndsWith("niss") ? length - cut - 1 : length - cut;
        return Ends(word, length, region, "s") && length > 1 && "bdfghklmnrt".Contains(word[length - 2], StringComparison.Ordinal) ? length - 1 : length;
    }

    private static int Comparison(ReadOnlySpan<char> word, int length, int region)
    {
        if (Ends(word, length, region, "est"))
            return length - 3;
        if (Ends(word, length, region, "en") || Ends(word, length, region, "er"))
            return length - 2;
        return Ends(word, length, region, "st") && length >= 6 && "bdfghklmnt".Contains(word[length - 3], StringComparison.Ordinal) ? length - 2 : length;
    }

    private static int Derivation(ReadOnlySpan<char> word, int length, int first, int second)
    {
        if (Ends(word, length, second, "end") || Ends(word, length, second, "ung"))
        {
            int stem = length - 3;
            return Ends(word, stem, second, "ig") && word[stem - 3] != 'e' ? stem - 2 : stem;
        }
        if (Ends(word, length, second, "isch") && word[length - 5] != 'e')
            return length - 4;
        if ((Ends(word, length, second, "ig") || Ends(word, length, second, "ik")) && word[length - 3] != 'e')
            return length - 2;
        if (Ends(word, length, second, "lich") || Ends(word, length, second, "heit"))
        {
            int stem = length - 4;
            return Ends(word, stem, first, "er") || Ends(word, stem, first, "en") ? stem - 2 : stem;
        }
        if (Ends(word, length, second, "keit"))
        {
            int stem = length - 4;
            return Ends(word, stem, second, "lich") ? stem - 4 : Ends(word, stem, second, "ig") ? stem - 2 : stem;
        }
        return length;
    }

    private static bool Ends(ReadOnlySpan<char> word, int length, int region, string suffix) =>
        length - suffix.Length >= region && word[..length].EndsWith(suffix);

    /// <summary>R1 and R2: what follows the first consonant after a vowel.</summary>
    private static int AfterVowelConsonant(ReadOnlySpan<char> word, int start)
    {
        for (int i = start + 1; i < word.Length; i++)
        {
            if (!IsVowel(word[i]) && IsVowel(word[i - 1]))
                return i + 1;
        }
        return word.Length;
    }

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
}
