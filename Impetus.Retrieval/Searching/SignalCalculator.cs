namespace Impetus.Retrieval.Searching;

/// <summary>Computes <see cref="RefusalSignals"/> as they were fitted: Lucene's BM25 without the factor k1+1, over the words of the question.</summary>
internal static class SignalCalculator
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    /// <param name="scope">The collections and the question's words.</param>
    /// <param name="topCosine">The best cosine; 0 where there is none.</param>
    /// <param name="best">The best passage of the final ranking.</param>
    /// <param name="byWords">The best few passages by words.</param>
    /// <param name="wordsAlone">Whether the embedding model does not know the language.</param>
    public static RefusalSignals Compute(SearchScope scope, double topCosine, Passage? best, IReadOnlyList<Passage> byWords, bool wordsAlone)
    {
        double chunks = scope.Collections.Sum(collection => (double)collection.Chunks);
        double averageLength = chunks == 0 ? 1 : scope.Collections.Sum(collection => (double)collection.TermCount) / chunks;
        var terms = scope.Analyses.Values.SelectMany(analysis => analysis.Terms)
            .GroupBy(term => string.Join(' ', term.Variants), StringComparer.Ordinal)
            .Select(group => group.First() with { Chunks = group.Sum(term => term.Chunks) })
            .Select(term => (Term: term, Idf: term.Idf(chunks)))
            .ToList();
        double total = terms.Sum(term => term.Idf);
        if (total <= 0)
            return new RefusalSignals(topCosine, 0, 0) { WordsAlone = wordsAlone };
        double coverage = best is null ? 0 : terms.Where(term => best.Terms.Keys.Any(word => Matches(term.Term, word))).Sum(term => term.Idf) / total;
        double bm25 = byWords.Select(passage => Bm25(terms, passage, averageLength)).DefaultIfEmpty(0).Max();
        return new RefusalSignals(topCosine, coverage, bm25 / total) { WordsAlone = wordsAlone };
    }

    private static double Bm25(List<(QueryTerm Term, double Idf)> terms, Passage passage, double averageLength)
    {
        double length = passage.Terms.Values.Sum();
        double sum = 0;
        foreach (var (term, idf) in terms)
        {
            double frequency = term.IsPrefix
                ? passage.Terms.Where(pair => Matches(term, pair.Key)).Sum(pair => pair.Value)
                : term.Variants.Sum(variant => passage.Terms.GetValueOrDefault(variant));
            sum += idf * frequency / (frequency + K1 * (1 - B + B * length / averageLength));
        }
        return sum;
    }

    private static bool Matches(QueryTerm term, string word) =>
        term.IsPrefix ? word.StartsWith(term.Variants[0], StringComparison.Ordinal) : term.Variants.Contains(word);
}
