using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Storage;
using Impetus.Retrieval.Searching.Dense;

namespace Impetus.Retrieval.Searching;

/// <summary>Answers searches: rank by words and by meaning side by side, fuse, rerank if asked, tidy, describe.</summary>
internal sealed class Searcher(LibraryDatabase database, LibraryOptions options, EmbeddingBatchers embedders, DenseIndexes indexes)
{
    private const int MaxQueryLength = 100_000;
    private const int MaxLimit = 100;
    private const int RerankDepth = 50;
    private const int SignalDepth = 10;

    private readonly CandidateSearch _search = new(database, indexes);
    private readonly TermFrequencies _frequencies = new();
    private readonly PassageReader _passages = new(database);

    public async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var ranking = await RankAsync(request, cancellationToken).ConfigureAwait(false);
        var candidates = request.Rerank ? await RerankAsync(request.Query, ranking.Fused, cancellationToken).ConfigureAwait(false) : ranking.Fused;

        // Some candidates fall to duplicates and neighbours: fetch more than are wanted. The signals look at the best by words, too.
        var wanted = candidates.Take(2 * request.Limit + SignalDepth).ToList();
        var fetched = _passages.Fetch(wanted.Concat(ranking.Fused.Take(1)).Concat(ranking.FullText.Take(SignalDepth)));
        var signals = SignalCalculator.Compute(
            ranking.Scope,
            ranking.Dense is [var nearest, ..] ? nearest.Score : 0,
            ranking.Fused is [var best, ..] ? fetched.GetValueOrDefault(best.Key) : null,
            [.. Found(ranking.FullText.Take(SignalDepth))],
            wordsAlone: !await KnowsLanguageAsync(ranking.Scope, cancellationToken).ConfigureAwait(false));
        var passages = Found(wanted).ToList();
        if (request.RemoveNearDuplicates)
            passages = NearDuplicates.Remove(passages);
        return new SearchResponse(_passages.Results(passages, request.JoinUpTo, request.Limit), signals);

        IEnumerable<Passage> Found(IEnumerable<Candidate> ranked) => ranked
            .Select(candidate => fetched.GetValueOrDefault(candidate.Key) is { } passage ? passage with { Candidate = candidate } : null)
            .OfType<Passage>();
    }

    /// <summary>The rankings of a request before anything is fetched: also what evaluations measure.</summary>
    public async Task<Ranking> RankAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        string query = FoldedText.WellFormed(request.Query);
        var scope = Scope(request, query);
        var fullText = request.Mode == SearchMode.Dense
            ? Task.FromResult<List<Candidate>>([])
            : Task.Run(() => _search.FullText(scope), cancellationToken);
        var dense = request.Mode == SearchMode.FullText || string.IsNullOrWhiteSpace(query)
            ? []
            : await DenseAsync(scope, query, cancellationToken).ConfigureAwait(false);
        var words = await fullText.ConfigureAwait(false);
        var fused = request.Mode switch
        {
            SearchMode.FullText => words,
            SearchMode.Dense => dense,
            _ => CandidateSearch.Fuse(words, dense, await DenseWeightAsync(scope, cancellationToken).ConfigureAwait(false)),
        };
        return new Ranking(scope, words, dense, fused);
    }

    private void Check(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Query.Length > MaxQueryLength)
            throw Invalid($"The query has {request.Query.Length:N0} characters; the limit is {MaxQueryLength:N0}.");
        if (request.Limit is < 1 or > MaxLimit)
            throw Invalid($"limit must be from 1 to {MaxLimit}.");
        if (request.JoinUpTo < 0)
            throw Invalid("The length up to which neighbours are joined must not be negative.");
        if (request.Rerank && options.Reranker is null)
            throw Invalid("No reranker is installed. Leave reranking out, or install a reranking model.");
    }

    private SearchScope Scope(SearchRequest request, string query) => database.Read(session =>
    {
        var collections = request.Collections.Count == 0
            ? CollectionTable.All(session)
            : [.. request.Collections.Distinct(StringComparer.Ordinal).Select(name => CollectionTable.Find(session, name)
                ?? throw new LibraryException(LibraryFault.NotFound, $"There is no collection \"{name}\"."))];
        return new SearchScope(
            collections,
            request.Filter is { } filter ? Allowed(session, filter) : null,
            collections.ToDictionary(collection => collection.Id, collection => QueryTerms.Of(query, collection, session, _frequencies)));
    });

    private static HashSet<long> Allowed(SqliteSession session, DocumentFilter filter)
    {
        var arguments = new List<object?>();
        string condition = FilterSql.Of(filter, arguments);
        return [.. session.All($"SELECT d.id FROM documents d WHERE d.state = 1 AND {condition}", row => row.GetInt64(0), [.. arguments])];
    }

    private async Task<List<Candidate>> DenseAsync(SearchScope scope, string query, CancellationToken cancellationToken)
    {
        var found = new List<Candidate>();
        foreach (var group in scope.Collections.Where(collection => collection.Chunks > 0).GroupBy(collection => collection.Model, StringComparer.Ordinal))
        {
            float[]? vector = null;
            foreach (var collection in group)
            {
                vector ??= await EmbedAsync(collection, query, cancellationToken).ConfigureAwait(false);
                found.AddRange(_search.Dense(collection, vector, scope.Allowed));
            }
        }
        return CandidateSearch.Top(found);
    }

    private async Task<float[]> EmbedAsync(CollectionRow collection, string query, CancellationToken cancellationToken)
    {
        var model = await embedders.ModelAsync(collection.Name, collection.Model, collection.Dimensions, cancellationToken).ConfigureAwait(false);
        string seen = query[..model.Tokens.PrefixLength(query, model.MaxTokens)];
        var embeddings = await model.Queries.GenerateAsync([seen], cancellationToken: cancellationToken).ConfigureAwait(false);
        return EmbeddingBatcher.UnitVector(model, embeddings[0]);
    }

    /// <summary>The weight that suits the first collection: where several are searched, they mostly share model and language.</summary>
    private async Task<double> DenseWeightAsync(SearchScope scope, CancellationToken cancellationToken)
    {
        if (scope.Collections is not [var collection, ..])
            return 0;
        var model = await embedders.ModelAsync(collection.Name, collection.Model, collection.Dimensions, cancellationToken).ConfigureAwait(false);
        return FusionWeights.Dense(model, scope.Analyses[collection.Id].Language);
    }

    private async Task<bool> KnowsLanguageAsync(SearchScope scope, CancellationToken cancellationToken)
    {
        if (scope.Collections is not [var collection, ..])
            return true;
        var model = await embedders.ModelAsync(collection.Name, collection.Model, collection.Dimensions, cancellationToken).ConfigureAwait(false);
        return FusionWeights.Knows(model, scope.Analyses[collection.Id].Language);
    }

    private async Task<List<Candidate>> RerankAsync(string query, List<Candidate> candidates, CancellationToken cancellationToken)
    {
        Passage[] passages = [.. _passages.Fetch(candidates.Take(RerankDepth)).Values];
        if (passages.Length == 0)
            return candidates;
        var scores = await options.Reranker!.ScoreAsync(query, [.. passages.Select(passage => passage.Text)], cancellationToken).ConfigureAwait(false);
        return [.. passages
            .Select((passage, i) => passage.Candidate with { Score = scores[i], Scores = passage.Candidate.Scores with { Reranker = scores[i] } })
            .OrderByDescending(candidate => candidate.Score)];
    }

    private static LibraryException Invalid(string message) => new(LibraryFault.InvalidRequest, message);
}

/// <summary>The rankings of one search, each best first.</summary>
internal sealed record Ranking(SearchScope Scope, List<Candidate> FullText, List<Candidate> Dense, List<Candidate> Fused);
