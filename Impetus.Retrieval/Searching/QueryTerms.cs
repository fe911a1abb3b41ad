using System.Text;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Searching;

/// <summary>
/// A word of the question as the index knows it: its stems under the languages of the documents, and the number of chunks that hold it.
/// </summary>
internal sealed record QueryTerm(IReadOnlyList<string> Variants, bool IsPrefix, double Chunks)
{
    /// <summary>Lucene's idf; a word that no chunk holds counts as the rarest.</summary>
    public double Idf(double chunks) => Math.Log(1 + (chunks - Chunks + 0.5) / (Chunks + 0.5));
}

/// <summary>What a collection makes of a question.</summary>
/// <param name="Language">The language that question and documents seem to share.</param>
/// <param name="Terms">The words worth looking for.</param>
internal sealed record QueryAnalysis(string Language, List<QueryTerm> Terms);

/// <summary>Finds the words of a question that are worth looking for.</summary>
internal static class QueryTerms
{
    private const int MaxWords = 512;
    private const int MaxTerms = 48;

    /// <summary>How many entries of the index a question may touch: some fifteen milliseconds' worth.</summary>
    private const int MaxEntries = 40_000;

    /// <summary>
    /// Analyses a question for a collection. Small words of its language are left out unless there is nothing else. The rarest words are
    /// kept, as many as are allowed and, in a large collection, as their chunks are not too many together.
    /// </summary>
    public static QueryAnalysis Of(string query, CollectionRow collection, SqliteSession session, TermFrequencies frequencies)
    {
        var languages = DocumentLanguages(session, collection.Id);
        string guess = LanguageGuess.Of(query, languages);
        var words = Words(query, languages, guess, withSmallWords: false);
        if (words.Count == 0)
            words = Words(query, languages, guess, withSmallWords: true);

        var terms = words.ConvertAll(word => word with { Chunks = Math.Min(collection.Chunks, Frequency(session, collection, word, frequencies)) });
        if (terms.Count > MaxTerms || terms.Sum(term => term.Chunks) > MaxEntries)
            terms = Rarest(terms);
        return new QueryAnalysis(guess, terms);
    }

    /// <summary>Words that no chunk holds cost nothing and come last: they say only that the question asks for more.</summary>
    private static List<QueryTerm> Rarest(List<QueryTerm> terms)
    {
        var kept = new List<QueryTerm>();
        double entries = 0;
        foreach (var term in terms.OrderBy(term => term.Chunks == 0).ThenBy(term => term.Chunks).Take(MaxTerms))
        {
            if (kept.Count == 0 || term.Chunks == 0 || entries + term.Chunks <= MaxEntries)
                kept.Add(term);
            entries += term.Chunks;
        }
        return kept;
    }

    /// <summary>FTS5's query: all variants, quoted, joined by OR; null where there are none.</summary>
    public static string? MatchExpression(IReadOnlyList<QueryTerm> terms)
    {
        var expression = new StringBuilder();
        foreach (var term in terms.Where(term => term.Chunks > 0))
        {
            foreach (string variant in term.Variants)
                expression.Append(expression.Length == 0 ? "" : " OR ").Append('"').Append(variant).Append('"').Append(term.IsPrefix ? "*" : "");
        }
        return expression.Length == 0 ? null : expression.ToString();
    }

    private static List<string> DocumentLanguages(SqliteSession session, long collection) => session.All(
        "SELECT language FROM documents WHERE collection = $1 AND state = 1 GROUP BY language ORDER BY count(*) DESC LIMIT 8",
        row => row.GetString(0),
        collection);

    private static List<QueryTerm> Words(string query, IReadOnlyList<string> languages, string guess, bool withSmallWords)
    {
        var terms = new Dictionary<string, QueryTerm>(StringComparer.Ordinal);
        TextAnalyzer.ForEachWord(query, (word, script) =>
        {
            if (terms.Count >= MaxWords || (!withSmallWords && Languages.IsSmallWord(guess, word)))
                return;
            if (script == Script.Unspaced)
            {
                bool isSingle = word.Length == Rune.GetRuneAt(word.ToString(), 0).Utf16SequenceLength;
                TextAnalyzer.TermsOfWord(word, script, guess, term => Add([term.ToString()], isSingle));
                return;
            }
            var variants = new List<string>();
            foreach (string language in languages.DefaultIfEmpty(guess))
            {
                char[] copy = word.ToArray();
                TextAnalyzer.TermsOfWord(copy, script, language, term =>
                {
                    string variant = term.ToString();
                    if (!variants.Contains(variant))
                        variants.Add(variant);
                });
            }
            Add(variants, isPrefix: false);
        });
        return [.. terms.Values];

        void Add(List<string> variants, bool isPrefix) => terms.TryAdd(string.Join(' ', variants), new QueryTerm(variants, isPrefix, 0));
    }

    private static long Frequency(SqliteSession session, CollectionRow collection, QueryTerm term, TermFrequencies frequencies) => term.Variants.Sum(
        variant => term.IsPrefix ? TermFrequencies.OfPrefix(session, collection, variant) : frequencies.Of(session, collection, variant));
}
