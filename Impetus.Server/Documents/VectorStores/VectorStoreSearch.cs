using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Retrieval;
using Impetus.Retrieval.Searching;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>Search in one vector store, in OpenAI's words.</summary>
internal static class VectorStoreSearch
{
    private const int MaxQueries = 16;
    private const int MaxQueryLength = 100_000;

    private static readonly Field<string> Query = new(
        "query",
        "What is sought: a text, or several, which are sought as one. Nothing in it is syntax.",
        () => new() { ["anyOf"] = new JsonArray(Fields.Schema("string"), new JsonObject { ["type"] = "array", ["items"] = Fields.Schema("string") }) },
        value => value.Kind == JsonValueKind.Array
            ? string.Join('\n', value.Items(MaxQueries, "queries").Select(item => item.Text(MaxQueryLength)))
            : value.Text(MaxQueryLength),
        required: true);

    private static readonly Field<DocumentFilter> Filters = new(
        "filters",
        "A comparison {type, key, value} of an attribute (eq, ne, gt, gte, lt, lte, in, nin), or {type, filters} that joins some (and, or).",
        () => Fields.Schema("object"),
        AttributeFilter.Read);

    private static readonly Field<int?> Most = Fields.Integer("max_num_results", 1, 50, "At most so many passages. Absent: 10.");

    private static readonly Field<string> Ranker = new(
        "ranker",
        "auto or none: passages are ranked as POST /v1/search ranks them.",
        () => new() { ["type"] = "string", ["enum"] = new JsonArray("auto", "none") },
        value => value.Text(64) is "auto" or "none" ? "auto" : throw ApiException.Unsupported(value.Path, $"{value.Path} is not supported: OpenAI's rankers are not here. Leave it out, or say auto."));

    private static readonly RefusedField Threshold = new(
        "score_threshold", "scores are comparable within one answer only.", value => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 0);

    private static readonly Contract RankingContract = new("RankingOptions", [Ranker, Threshold]);

    private static readonly Field<FieldReader> Ranking = Fields.Object("ranking_options", RankingContract, "How passages are ranked.");

    private static readonly RefusedField Rewrite = new("rewrite_query", "the query is sought as it is.");

    private static readonly Contract Contract = new("VectorStoreSearchRequest", [Query, Filters, Most, Ranking, Rewrite]);

    public static void MapVectorStoreSearch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/vector_stores/{store}/search", SearchAsync).Describe(
            "Finds the passages of a vector store that speak about a query.", () => VectorStoresJson.Wire.StoreSearchPage, Contract);

    private static async Task SearchAsync(HttpContext context)
    {
        var active = context.RequestServices.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        var request = await RequestBody.ReadAsync(context, Read);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        var library = await DocumentEndpoints.Library(context);
        var found = await library.SearchAsync(request with { Collections = [StoreId.Find(library, context).Name] }, cancel.Token);
        await context.Response.WriteJsonAsync(
            new("vector_store.search_results.page", [request.Query], [.. found.Results.Select(result => Result(library, result))], false, null),
            VectorStoresJson.Wire.StoreSearchPage);
    }

    private static SearchRequest Read(RequestValue body)
    {
        var fields = Contract.Read(body);
        fields.Get(Ranking)?.Get(Ranker);
        return new(fields.Require(Query)) { Limit = fields.Get(Most) ?? 10, Filter = fields.Get(Filters) };
    }

    private static StoreSearchResult Result(DocumentLibrary library, SearchResult r)
    {
        var document = library.Get(r.DocumentId);
        // Fused scores are sums of z-scores, around 0; OpenAI's are from 0 to 1.
        double score = 1 / (1 + Math.Exp(-r.Score));
        return new(
            library.Files.IdOf(r.DocumentId), document?.Name ?? r.Title, score, VectorStoreFileObject.Scalars(document?.Metadata), [new("text", r.Text)],
            r.DocumentId, Wire.Page(r.FirstPage), r.Start, r.End);
    }
}
