namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>M. F. Porter, "An algorithm for suffix stripping", Program 14 (3), 1980: English, lower case, in place.</summary>
internal static class PorterStemmer
{
    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    private static readonly string[] Step4 =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
    ];

    /// <summary>Stems <paramref name="word"/> in place and returns the stem's length. Words with other letters than a-z are left alone.</summary>
    public static int Stem(Span<char> word)
    {
        if (word.Length <= 2 || word.IndexOfAnyExceptInRange('a', 'z') >= 0)
            return word.Length;
        int length = Plurals(word);
        length = PastAndGerund(word[..length], word);
        if (length > 1 && word[length - 1] == 'y' && HasVowel(word[..(length - 1)]))
            word[length - 1] = 'i';
        length = Replace(word, length, Step2);
        length = Replace(word, length, Step3);
        length = RemoveLong(word, length);
        return Tidy(word, length);
    }

    private static int Plurals(Span<char> word)
    {
        if (word.EndsWith("sses") || word.EndsWith("ies"))
            return word.Length - 2;
        return word.EndsWith("s") && !word.EndsWith("ss") ? word.Length - 1 : word.Length;
    }

    private static int PastAndGerund(Span<char> word, Span<char> buffer)
    {
        if (word.EndsWith("eed"))
            return Measure(word[..^3]) > 0 ? word.Length - 1 : word.Length;
        int cut = word.EndsWith("ed") ? 2 : word.EndsWith("ing") ? 3 : 0;
        if (cut == 0 || !HasVowel(word[..^cut]))
            return word.Length;
        var stem = word[..^cut];
        if (stem.EndsWith("at") || stem.EndsWith("bl") || stem.EndsWith("iz"))
            return AppendE(stem, buffer);
        if (EndsInDoubleConsonant(stem) && stem[^1] is not ('l' or 's' or 'z'))
            return stem.Length - 1;
        return Measure(stem) == 1 && EndsInShortSyllable(stem) ? AppendE(stem, buffer) : stem.Length;
    }

    private static int AppendE(ReadOnlySpan<char> stem, Span<char> buffer)
    {
        buffer[stem.Length] = 'e';
        return stem.Length + 1;
    }

    private static int Replace(Span<char> word, int length, (string Suffix, string Replacement)[] rules)
    {
        foreach (var (suffix, replacement) in rules)
        {
            if (!word[..length].EndsWith(suffix))
                continue;
            int stem = length - suffix.Length;
            if (Measure(word[..stem]) == 0)
                return length;
            replacement.CopyTo(word[stem..]);
            return stem + replacement.Length;
        }
        return length;
    }

    private static int RemoveLong(Span<char> word, int length)
    {
        int longest = 0;
        foreach (string suffix in Step4)
        {
            if (suffix.Length > longest && word[..length].EndsWith(suffix))
                longest = suffix.Length;
        }
        var stem = word[..(length - longest)];
        if (longest == 0 || Measure(stem) <= 1)
            return length;
        bool isIon = word[..length].EndsWith("ion");
        return isIon && !(stem.EndsWith("s") || stem.EndsWith("t")) ? length : stem.Length;
    }

    private static int Tidy(Span<char> word, int length)
    {
        if (word[length - 1] == 'e')
        {
            int measure = Measure(word[..(length - 1)]);
            if (measure > 1 || (measure == 1 && !EndsInShortSyllable(word[..(length - 1)])))
                length--;
        }
        return word[length - 1] == 'l' && EndsInDoubleConsonant(word[..length]) && Measure(word[..length]) > 1 ? length - 1 : length;
    }

    /// <summary>m in [C](VC)^m[V].</summary>
    private static int Measure(ReadOnlySpan<char> word)
    {
        int measure = 0;
        for (int i = 1; i < word.Length; i++)
        {
            if (IsConsonant(word, i) && !IsConsonant(word, i - 1))
                measure++;
        }
        return measure;
    }

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (int i = 0; i < word.Length; i++)
        {
            if (!IsConsonant(word, i))
                return true;
        }
        return false;
    }

    private static bool EndsInDoubleConsonant(ReadOnlySpan<char> word) =>
        word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>Consonant, vowel, consonant other than w, x, y.</summary>
    private static bool EndsInShortSyllable(ReadOnlySpan<char> word) =>
        word.Length >= 3 && IsConsonant(word, word.Length - 1) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 3)
        && word[^1] is not ('w' or 'x' or 'y');

    private static bool IsConsonant(ReadOnlySpan<char> word, int index) => word[index] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => index == 0 || !IsConsonant(word, index - 1),
        _ => true,
    };
}
