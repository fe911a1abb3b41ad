using Impetus.Retrieval.Searching;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Finds passages.</summary>
internal static class SearchEndpoints
{
    private const int MaxQueryLength = 100_000;

    private static readonly Field<string> Query = Fields.Text(
        "query", "What is sought: any text, nothing in it is syntax. Up to 100000 characters.", MaxQueryLength, required: true);

    private static readonly Field<SearchMode?> Mode = SearchFields.Mode(
        "hybrid: words and meaning; words: BM25 alone; dense: embeddings alone. Absent: hybrid.",
        ("hybrid", SearchMode.Hybrid), ("words", SearchMode.FullText), ("dense", SearchMode.Dense));

    private static readonly Field<int?> JoinUpTo = Fields.Integer(
        "join_up_to", 0, 100_000, "Neighbouring passages are joined up to so many characters. Absent: passages stay as they are.");

    private static readonly Field<bool?> NearDuplicates = Fields.Flag(
        "near_duplicates", "Whether passages that say nearly the same as a better one are kept. Absent: they are left out.");

    private static readonly Contract Contract = new(
        "SearchRequest",
        [Query, SearchFields.Collections, Mode, SearchFields.TopK, SearchFields.Filters, JoinUpTo, NearDuplicates, SearchFields.Rerank]);

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/search", SearchAsync).Describe(
            "Finds the passages of documents that speak about a query.", () => DocumentsJson.Wire.SearchList, Contract);

    private static async Task SearchAsync(HttpContext context)
    {
        var active = context.RequestServices.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        var request = await RequestBody.ReadAsync(context, Read);
        if (request.Rerank)
            context.RequestServices.GetRequiredService<LibraryReranker>().Require(SearchFields.Rerank.Name);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        var library = await DocumentEndpoints.Library(context);
        var found = await library.SearchAsync(request, cancel.Token);
        await context.Response.WriteJsonAsync(SearchList.Of(request.Query, found), DocumentsJson.Wire.SearchList);
    }

    private static SearchRequest Read(RequestValue body)
    {
        var fields = Contract.Read(body);
        return new(fields.Require(Query))
        {
            Collections = fields.Get(SearchFields.Collections) ?? [],
            Mode = fields.Get(Mode) ?? SearchMode.Hybrid,
            Limit = fields.Get(SearchFields.TopK) ?? 5,
            Filter = fields.Get(SearchFields.Filters),
            JoinUpTo = fields.Get(JoinUpTo) ?? 0,
            RemoveNearDuplicates = !(fields.Get(NearDuplicates) ?? false),
            Rerank = fields.Get(SearchFields.Rerank) ?? false,
        };
    }
}

/// <summary>What was found.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Query">As sent.</param>
/// <param name="Data">Best first.</param>
/// <param name="Signals">What speaks for and against an answer being there.</param>
internal sealed record SearchList(string Object, string Query, IReadOnlyList<SearchObject> Data, SignalObject Signals)
{
    public static SearchList Of(string query, SearchResponse found) =>
        new("list", query, [.. found.Results.Select(SearchObject.Of)], SignalObject.Of(found.Signals));
}

/// <summary>A passage that was found. Offsets count Unicode code points of the document's text.</summary>
/// <param name="DocumentId">The document that holds it.</param>
/// <param name="Collection">The collection that holds the document.</param>
/// <param name="Title">The document's title.</param>
/// <param name="Source">Where the document came from, if that was said.</param>
/// <param name="Page">Page on which it begins; null where there are no pages.</param>
/// <param name="LastPage">Page on which it ends.</param>
/// <param name="Start">First code point.</param>
/// <param name="End">One past the last.</param>
/// <param name="Headings">Those above it, outermost first.</param>
/// <param name="Text">The text at the range, exactly.</param>
/// <param name="Score">What results are ordered by; comparable within one answer.</param>
/// <param name="Scores">What is behind it.</param>
internal sealed record SearchObject(
    string DocumentId,
    string Collection,
    string Title,
    string? Source,
    int? Page,
    int? LastPage,
    int Start,
    int End,
    IReadOnlyList<string> Headings,
    string Text,
    double Score,
    ScoresObject Scores)
{
    public static SearchObject Of(SearchResult r) => new(
        r.DocumentId, r.Collection, r.Title, r.Source, Wire.Page(r.FirstPage), Wire.Page(r.LastPage), r.Start, r.End, r.HeadingPath, r.Text, r.Score,
        new(r.Scores.FullText, r.Scores.Dense, r.Scores.Reranker));
}

/// <param name="Words">BM25; null if the passage is not among the best hundred by words.</param>
/// <param name="Dense">Cosine; null if it is not among the best hundred by meaning.</param>
/// <param name="Reranker">The cross-encoder's score; null where none was asked.</param>
internal sealed record ScoresObject(double? Words, double? Dense, double? Reranker);

/// <param name="TopCosine">Best cosine.</param>
/// <param name="Coverage">Share of the question's idf that the best passage covers.</param>
/// <param name="Bm25Ratio">BM25 of the best passage over the sum of the question's idf.</param>
/// <param name="WordsAlone">Whether the embedding model does not know the question's language, so that its cosines do not count.</param>
/// <param name="Score">The three combined; below the threshold the question is about something else.</param>
/// <param name="OffTopic">Whether it is below the threshold.</param>
internal sealed record SignalObject(double TopCosine, double Coverage, double Bm25Ratio, bool WordsAlone, double Score, bool OffTopic)
{
    public static SignalObject Of(RefusalSignals s) => new(s.TopCosine, s.Coverage, s.Bm25Ratio, s.WordsAlone, s.Score, s.IsOffTopic);
}
