using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>Files that are attached together.</summary>
internal static class FileBatchEndpoints
{
    private static readonly Field<IReadOnlyList<string>> Ids = FileIds("The files, by their ids; or else files.");

    private static readonly Field<IReadOnlyList<(string File, JsonElement? Attributes)>> Files = Fields.List(
        "files", VectorStoreEndpoints.MaxFiles, "files", VectorStoreFileEndpoints.NewContract, VectorStoreFileEndpoints.Read,
        "The files, each with attributes of its own; or else file_ids.");

    private static readonly Contract NewContract = new("FileBatchRequest", [Ids, Files, StoreFields.Attributes, StoreFields.ChunkingStrategy]);

    public static void MapFileBatches(this IEndpointRouteBuilder routes)
    {
        Func<JsonTypeInfo> batch = () => VectorStoresJson.Wire.FileBatchObject;
        routes.MapPost("/v1/vector_stores/{store}/file_batches", AttachAsync).Describe("Attaches files to a vector store, a job each.", batch, NewContract);
        routes.MapGet("/v1/vector_stores/{store}/file_batches/{batch}", GetAsync).Describe("Tells how far a batch is.", batch);
        routes.MapPost("/v1/vector_stores/{store}/file_batches/{batch}/cancel", CancelAsync).Describe(
            "Stops what is not finished of a batch. What is finished stays.", batch);
        routes.MapGet("/v1/vector_stores/{store}/file_batches/{batch}/files", ListAsync).Describe(
            "Lists the files of a batch.", () => VectorStoresJson.Wire.VectorStoreFileList, query: VectorStoreFileEndpoints.Listing);
    }

    /// <summary>A list of files' ids.</summary>
    public static Field<IReadOnlyList<string>> FileIds(string description) => new(
        "file_ids",
        description,
        () => new() { ["type"] = "array", ["maxItems"] = VectorStoreEndpoints.MaxFiles, ["items"] = Fields.Schema("string") },
        value => value.Kind == JsonValueKind.Array && value.Element.GetArrayLength() == 0
            ? []
            : [.. value.Items(VectorStoreEndpoints.MaxFiles, "files").Select(item => item.Text(256))]);

    public static ApiException NoFile(string id) =>
        new(StatusCodes.Status404NotFound, $"There is no file '{id}'. GET /v1/files lists those that are here.", "not_found", "file_id");

    private static async Task AttachAsync(HttpContext context)
    {
        var wanted = await RequestBody.ReadAsync(context, Read);
        var library = await DocumentEndpoints.Library(context);
        var store = StoreId.Find(library, context);
        if (wanted.FirstOrDefault(file => library.Files.Find(file.File) is null) is { File: { } missing })
            throw NoFile(missing);
        await AnswerAsync(context, store, await library.Files.AttachAsync(store.Name, wanted, context.RequestAborted));
    }

    private static IReadOnlyList<(string File, JsonElement? Attributes)> Read(RequestValue body)
    {
        var fields = NewContract.Read(body);
        var ids = fields.Get(Ids) ?? [];
        var files = fields.Get(Files) ?? [];
        if (ids.Count > 0 == files.Count > 0)
            throw ApiException.Invalid(Ids.Name, "Give either file_ids or files.", "missing_required_parameter");
        var attributes = fields.Get(StoreFields.Attributes);
        if (files.Count > 0 && attributes is not null)
            throw ApiException.Invalid(StoreFields.Attributes.Name, "With files, each of them has attributes of its own.");
        return files.Count > 0 ? files : [.. ids.Distinct(StringComparer.Ordinal).Select(id => (id, attributes))];
    }

    private static async Task GetAsync(HttpContext context)
    {
        var (_, store, batch) = await FindAsync(context);
        await AnswerAsync(context, store, batch);
    }

    private static async Task CancelAsync(HttpContext context)
    {
        var (library, store, batch) = await FindAsync(context);
        library.Files.CancelBatch(store.Name, batch.Id);
        await AnswerAsync(context, store, library.Files.FindBatch(store.Name, batch.Id) ?? batch);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var (library, store, batch) = await FindAsync(context);
        await VectorStoreFileEndpoints.ListAsync(context, library, store, batch.Id);
    }

    private static async Task<(DocumentLibrary Library, Collection Store, AttachmentBatch Batch)> FindAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        var store = StoreId.Find(library, context);
        string id = (string)context.GetRouteValue("batch")!;
        return (library, store, library.Files.FindBatch(store.Name, id) ?? throw new ApiException(
            StatusCodes.Status404NotFound, $"There is no batch '{id}' in the vector store, or none of its files is there any more.", "not_found", "batch_id"));
    }

    private static Task AnswerAsync(HttpContext context, Collection store, AttachmentBatch batch) =>
        context.Response.WriteJsonAsync(FileBatchObject.Of(store, batch), VectorStoresJson.Wire.FileBatchObject);
}
