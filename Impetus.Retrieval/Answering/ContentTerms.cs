using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Answering;

/// <summary>The words of a text that carry its meaning, as the index stems them.</summary>
internal static class ContentTerms
{
    /// <summary>Distinct stems without the language's small words.</summary>
    public static HashSet<string> Of(string text, string language)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        TextAnalyzer.ForEachWord(text, (word, script) =>
        {
            if (!Languages.IsSmallWord(language, word))
                TextAnalyzer.TermsOfWord(word, script, language, term => terms.Add(term.ToString()));
        });
        return terms;
    }

    /// <summary>Share of the first terms that the second hold; 0 where there are none.</summary>
    public static double Coverage(HashSet<string> terms, HashSet<string> by) =>
        terms.Count == 0 ? 0 : (double)terms.Count(by.Contains) / terms.Count;
}
