namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>
/// Light stemming of Arabic after L. Larkey, L. Ballesteros and M. Connell, "Light stemming for Arabic information retrieval" (light10):
/// one spelling of alef, yeh and teh marbuta; then the conjunction, the article and common endings come off.
/// </summary>
internal static class ArabicStemmer
{
    private static readonly string[] Articles = ["وال", "بال", "كال", "فال", "ال", "لل"];
    private static readonly string[] Endings = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

    /// <summary>Stems in place; the stem is the returned range of <paramref name="word"/>.</summary>
    public static Range Stem(Span<char> word)
    {
        for (int i = 0; i < word.Length; i++)
        {
            word[i] = word[i] switch
            {
                'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
                'ى' => 'ي',
                'ة' => 'ه',
                _ => word[i],
            };
        }
        int start = 0, end = word.Length;
        foreach (string article in Articles)
        {
            if (end - article.Length >= 2 && word.StartsWith(article))
            {
                start = article.Length;
                break;
            }
        }
        if (start == 0 && word.Length >= 4 && word[0] == 'و')
            start = 1;
        foreach (string ending in Endings)
        {
            if (end - start - ending.Length >= 2 && word[start..end].EndsWith(ending))
                end -= ending.Length;
        }
        return start..end;
    }
}
