using System.Text.Json;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Collections: documents that share one embedding model.</summary>
internal static class CollectionEndpoints
{
    private static readonly Field<string> Name = LibraryFields.Collection(
        "name", "1 to 128 characters; no control characters, no slashes, no white space at its ends.", required: true);

    private static readonly Field<string> Model = Fields.Text(
        "embedding_model", "The id of an embedding model that is here. Absent: the starter model.", 512);

    private static readonly Field<string> NewModel = Fields.Text(
        "embedding_model", "The model to embed with from now on. Absent: the one that the collection has.", 512);

    private static readonly Field<int?> TargetLength = Fields.Integer("chunk_length", 64, 65536, "Characters that a passage grows towards. Absent: 1000.");

    private static readonly Field<int?> Overlap = Fields.Integer(
        "chunk_overlap", 0, 32768, "Characters, in whole sentences, that passages share at most; up to half of chunk_length. Absent: 100.");

    private static readonly Contract NewContract = new("CollectionRequest", [Name, Model, TargetLength, Overlap, LibraryFields.Metadata]);

    private static readonly Contract Reindex = new("ReindexRequest", [NewModel]);

    public static void MapCollections(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/collections", ListAsync).Describe("Lists collections by name.", () => DocumentsJson.Wire.CollectionList);
        routes.MapPost("/v1/collections", CreateAsync).Describe(
            "Makes a collection.", () => DocumentsJson.Wire.CollectionObject, NewContract, status: StatusCodes.Status201Created);
        routes.MapGet("/v1/collections/{name}", GetAsync).Describe("Tells what is known of a collection.", () => DocumentsJson.Wire.CollectionObject);
        routes.MapDelete("/v1/collections/{name}", DeleteAsync).Describe(
            "Deletes a collection and all that it holds.", () => DocumentsJson.Wire.DeletedObject);
        routes.MapPost("/v1/collections/{name}/reindex", ReindexAsync).Describe(
            "Embeds a collection anew, by a job. The old vectors serve until the new ones are complete.",
            () => DocumentsJson.Wire.JobObject, Reindex, status: StatusCodes.Status202Accepted);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var collections = (await DocumentEndpoints.Library(context)).ListCollections();
        await context.Response.WriteJsonAsync(new("list", [.. collections.Select(CollectionObject.Of)]), DocumentsJson.Wire.CollectionList);
    }

    private static async Task CreateAsync(HttpContext context)
    {
        var wanted = await RequestBody.ReadAsync(context, Read);
        var made = await (await DocumentEndpoints.Library(context)).CreateCollectionAsync(wanted, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await context.Response.WriteJsonAsync(CollectionObject.Of(made), DocumentsJson.Wire.CollectionObject);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var collection = (await DocumentEndpoints.Library(context)).FindCollection(NameOf(context)) ?? throw Missing(context);
        await context.Response.WriteJsonAsync(CollectionObject.Of(collection), DocumentsJson.Wire.CollectionObject);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        if (!await library.DeleteCollectionAsync(NameOf(context)))
            throw Missing(context);
        await library.PurgeAsync(context.RequestAborted);
        await context.Response.WriteJsonAsync(new(NameOf(context), "collection.deleted", true), DocumentsJson.Wire.DeletedObject);
    }

    private static async Task ReindexAsync(HttpContext context)
    {
        string? model = await RequestBody.ReadAsync(context, body => Reindex.Read(body).Get(NewModel));
        var job = await (await DocumentEndpoints.Library(context)).ReindexAsync(NameOf(context), model, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/v1/documents/jobs/{job.Id}";
        await context.Response.WriteJsonAsync(JobObject.Of(job), DocumentsJson.Wire.JobObject);
    }

    private static NewCollection Read(RequestValue body)
    {
        var fields = NewContract.Read(body);
        int length = fields.Get(TargetLength) ?? new ChunkingOptions().TargetLength;
        int overlap = fields.Get(Overlap) ?? Math.Min(new ChunkingOptions().Overlap, length / 2);
        if (overlap > length / 2)
            throw ApiException.Invalid(Overlap.Name, $"chunk_overlap is {overlap}, more than half of chunk_length, which is {length}.");
        return new(fields.Require(Name))
        {
            EmbeddingModel = fields.Get(Model),
            Chunking = new ChunkingOptions { TargetLength = length, Overlap = overlap },
            Metadata = fields.Get(LibraryFields.Metadata),
        };
    }

    private static string NameOf(HttpContext context) => (string)context.GetRouteValue("name")!;

    private static ApiException Missing(HttpContext context) => new(
        StatusCodes.Status404NotFound, $"There is no collection '{NameOf(context)}'. GET /v1/collections lists those that are here.", "not_found", "name");
}

/// <summary>A collection.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Object">Always <c>collection</c>.</param>
/// <param name="EmbeddingModel">Whose vectors it holds.</param>
/// <param name="Dimensions">Length of these.</param>
/// <param name="Documents">How many.</param>
/// <param name="Chunks">Of all of them.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Metadata">The user's own.</param>
internal sealed record CollectionObject(
    string Name, string Object, string EmbeddingModel, int Dimensions, int Documents, int Chunks, long Created, JsonElement? Metadata)
{
    public static CollectionObject Of(Collection c) =>
        new(c.Name, "collection", c.EmbeddingModel, c.Dimensions, c.Documents, c.Chunks, c.Created.ToUnixTimeSeconds(), c.Metadata);
}

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">By name.</param>
internal sealed record CollectionList(string Object, IReadOnlyList<CollectionObject> Data);
