using System.Text;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Searching.Evaluation;

/// <summary>How a collection is to be evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The signals that rank.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Hybrid;

    /// <summary>How documents are cut; null takes what the product does. A document's score is that of its best chunk.</summary>
    public ChunkingOptions? Chunking { get; init; }

    /// <summary>One chunk a document, however long: what baselines of whole documents do.</summary>
    public static ChunkingOptions WholeDocuments { get; } = new() { TargetLength = 65_536, Overlap = 0, MaxTokens = int.MaxValue };
}

/// <summary>Measures the library as it ships on a judged collection: documents added, questions searched, rankings judged.</summary>
public sealed class RetrievalEvaluation : IAsyncDisposable
{
    private const int Depth = 100;

    /// <summary>A name is a title where there is none; this one has no words.</summary>
    private const string Unnamed = "-";

    private readonly JudgedCollection _judged;
    private readonly DocumentLibrary _library;
    private readonly string _folder;
    internal DocumentLibrary Library => _library;

    private readonly Dictionary<string, List<string>> _judgedIds = new(StringComparer.Ordinal);

    private RetrievalEvaluation(JudgedCollection judged, DocumentLibrary library, string folder) => (_judged, _library, _folder) = (judged, library, folder);

    /// <summary>Adds a collection's documents to a library in a temporary folder.</summary>
    public static async Task<RetrievalEvaluation> PrepareAsync(
        JudgedCollection judged, IEmbeddingModels models, ChunkingOptions? chunking = null, IProgress<int>? added = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(judged);
        string folder = Directory.CreateTempSubdirectory("impetus-evaluation-").FullName;
        var options = new LibraryOptions(folder, models, Read) { Chunking = chunking ?? new ChunkingOptions(), Concurrency = 16 };
        var evaluation = new RetrievalEvaluation(judged, await DocumentLibrary.OpenAsync(options, cancellationToken).ConfigureAwait(false), folder);
        try
        {
            await evaluation.AddAsync(added, cancellationToken).ConfigureAwait(false);
            return evaluation;
        }
        catch
        {
            await evaluation.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Prepares, measures and cleans up.</summary>
    public static async Task<EvaluationReport> RunAsync(
        string folder, IEmbeddingModels models, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EvaluationOptions();
        var evaluation = await PrepareAsync(JudgedCollection.Load(folder), models, options.Chunking, null, cancellationToken).ConfigureAwait(false);
        await using (evaluation.ConfigureAwait(false))
            return await evaluation.MeasureAsync(options.Mode, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks all questions.</summary>
    public async Task<EvaluationReport> MeasureAsync(SearchMode mode, CancellationToken cancellationToken = default)
    {
        var results = new List<QueryResult>();
        foreach (var query in _judged.Queries)
        {
            var ranking = await _library.Searcher.RankAsync(new SearchRequest(query.Text) { Mode = mode }, cancellationToken).ConfigureAwait(false);
            var documents = Documents(ranking.Fused);
            results.Add(new QueryResult(query, documents, RankingMetrics.Of([.. documents.Select(document => document.Id)], query.Grades)));
        }
        var collection = _library.ListCollections().Single();
        return new EvaluationReport(_judged.Name, mode, collection.EmbeddingModel, _judged.Documents.Count, collection.Chunks, results);
    }

    private async Task AddAsync(IProgress<int>? added, CancellationToken cancellationToken)
    {
        int count = 0;
        await Parallel.ForEachAsync(
            _judged.Documents.Where(document => !string.IsNullOrWhiteSpace(document.Text)),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (document, token) =>
            {
                var result = await _library.AddAsync(
                    new NewDocument(Unnamed, Encoding.UTF8.GetBytes(document.Text)) { Title = document.Title }, token)
                    .ConfigureAwait(false);
                lock (_judgedIds)
                {
                    // Documents with the same text are one in the library.
                    if (!_judgedIds.TryGetValue(result.Document.Id, out var ids))
                        _judgedIds[result.Document.Id] = ids = [];
                    ids.Add(document.Id);
                    added?.Report(++count);
                }
            }).ConfigureAwait(false);
    }

    internal List<RankedDocument> Documents(List<Candidate> candidates)
    {
        var documents = new List<RankedDocument>();
        var seen = new HashSet<long>();
        foreach (var candidate in candidates.Where(candidate => seen.Add(candidate.Document)))
            documents.AddRange(_judgedIds[_library.KeyOf(candidate.Document)].Order(StringComparer.Ordinal).Select(id => new RankedDocument(id, candidate.Score)));
        return documents.Count <= Depth ? documents : documents[..Depth];
    }

    private static Task<ChunkSource> Read(NewDocument document, CancellationToken cancellationToken) =>
        Task.FromResult(new ChunkSource(Encoding.UTF8.GetString(document.Bytes.Span)));

    public async ValueTask DisposeAsync()
    {
        await _library.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(_folder, recursive: true);
    }
}
