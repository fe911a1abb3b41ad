using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Searching;

namespace Impetus.Retrieval.Answering;

/// <summary>What a step of an agentic search did.</summary>
public enum SearchStepKind
{
    /// <summary>The question was split, or found to be one.</summary>
    Split,

    /// <summary>A part was searched for.</summary>
    Search,

    /// <summary>The evidence for a part was thin: what it lacks was searched for, beside the best sentence that was found.</summary>
    SearchAgain,
}

/// <summary>A step of an agentic search.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Query">The question that was split, or what was searched for.</param>
/// <param name="Queries">The parts that a question was split into; else empty.</param>
/// <param name="Found">Passages that were not found before.</param>
/// <param name="Coverage">Share of the part's words that all passages so far hold, 0 to 1; 0 for a split.</param>
/// <param name="Tokens">Tokens that a model wrote.</param>
public sealed record SearchStep(SearchStepKind Kind, string Query, IReadOnlyList<string> Queries, int Found, double Coverage, int Tokens);

/// <summary>What an agentic search found.</summary>
/// <param name="Results">The best of each step in turn, each passage once.</param>
/// <param name="Signals">Of the part that the library is most about.</param>
/// <param name="Steps">All that was done.</param>
public sealed record AgenticResponse(IReadOnlyList<SearchResult> Results, RefusalSignals Signals, IReadOnlyList<SearchStep> Steps);

/// <summary>
/// Searches in steps: a question that holds several is split, by its form or else by a model; each part is searched for; and where the
/// passages lack words of a part, those are searched for once more beside the best sentence so far, which names what the question only
/// describes. Bounded in searches and in tokens that the model writes. Thread-safe.
/// </summary>
/// <param name="search">Searches the library.</param>
/// <param name="splitter">Asks a model to split; null where there is none.</param>
public sealed class AgenticSearch(Func<string, CancellationToken, Task<SearchResponse>> search, IQuestionSplitter? splitter)
{
    /// <summary>The most searches of one question.</summary>
    public const int MaxSearches = 6;

    /// <summary>The most tokens that a model writes for one question.</summary>
    public const int MaxTokens = 96;

    private const double Thin = 0.75;
    private const int WorthSplitting = 6;
    private const int MaxSentence = 300;

    /// <summary>Searches for what a question asks.</summary>
    public async Task<AgenticResponse> RunAsync(string question, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var run = new Run(search);
        var parts = await SplitAsync(question, run, cancellationToken).ConfigureAwait(false);
        foreach (string part in parts)
            await run.SearchAsync(SearchStepKind.Search, part, part, cancellationToken).ConfigureAwait(false);
        foreach (string part in parts.Where(part => run.Coverage(part) < Thin))
        {
            if (run.Searches < MaxSearches)
                await run.SearchAsync(SearchStepKind.SearchAgain, run.Again(part), part, cancellationToken).ConfigureAwait(false);
        }
        return run.Response();
    }

    /// <summary>The question and its parts.</summary>
    private async Task<IReadOnlyList<string>> SplitAsync(string question, Run run, CancellationToken cancellationToken)
    {
        var parts = QuestionParts.ByForm(question);
        int tokens = 0;
        if (parts.Count == 1 && splitter is not null && ContentTerms.Of(question, LanguageGuess.Of(question)).Count >= WorthSplitting)
        {
            (string text, tokens) = await splitter.SplitAsync(question, MaxTokens, cancellationToken).ConfigureAwait(false);
            parts = [question, .. QuestionParts.Written(text, question)];
        }
        run.Steps.Add(new SearchStep(SearchStepKind.Split, question, parts, 0, 0, tokens));
        return parts;
    }

    /// <summary>One question on its way.</summary>
    private sealed class Run(Func<string, CancellationToken, Task<SearchResponse>> search)
    {
        private readonly List<IReadOnlyList<SearchResult>> _found = [];
        private readonly HashSet<(string Document, int Start)> _seen = [];
        private RefusalSignals? _signals;

        public List<SearchStep> Steps { get; } = [];

        public int Searches => _found.Count;

        public async Task SearchAsync(SearchStepKind kind, string query, string part, CancellationToken cancellationToken)
        {
            var response = await search(query, cancellationToken).ConfigureAwait(false);
            _found.Add([.. response.Results.Where(result => _seen.Add((result.DocumentId, result.Start)))]);
            // A second search holds words of the evidence itself, which it cannot but find.
            if (kind == SearchStepKind.Search && (_signals is not { } best || response.Signals.Score > best.Score))
                _signals = response.Signals;
            Steps.Add(new SearchStep(kind, query, [], _found[^1].Count, Math.Round(Coverage(part), 4), 0));
        }

        /// <summary>Share of a part's words that what was found holds.</summary>
        public double Coverage(string part)
        {
            string language = LanguageGuess.Of(part);
            var held = ContentTerms.Of(string.Join('\n', Passages.Select(passage => $"{passage.Title}\n{passage.Text}")), language);
            return ContentTerms.Coverage(ContentTerms.Of(part, language), held);
        }

        /// <summary>The words that the evidence lacks, beside its sentence that holds most of the others.</summary>
        public string Again(string part)
        {
            string language = LanguageGuess.Of(part);
            var terms = ContentTerms.Of(part, language);
            var held = ContentTerms.Of(string.Join('\n', Passages.Select(passage => passage.Text)), language);
            var lacking = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Where(word => ContentTerms.Of(word, language) is { Count: > 0 } stems && !stems.Overlaps(held));
            string best = EvidenceSentence.Split(Passages.Select(Evidence.Of), language)
                .OrderByDescending(sentence => ContentTerms.Coverage(terms, sentence.Terms)).Select(sentence => sentence.Text).FirstOrDefault() ?? "";
            return $"{string.Join(' ', lacking)} {(best.Length <= MaxSentence ? best : best[..MaxSentence])}".Trim();
        }

        public AgenticResponse Response()
        {
            int longest = _found.Max(results => results.Count);
            var inTurn = Enumerable.Range(0, longest).SelectMany(rank => _found.Where(results => rank < results.Count).Select(results => results[rank]));
            return new AgenticResponse([.. inTurn], _signals ?? default, Steps);
        }

        private IEnumerable<SearchResult> Passages => _found.SelectMany(results => results);
    }
}
