using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>The files of a vector store. A file that is attached becomes a document, by a job.</summary>
internal static class VectorStoreFileEndpoints
{
    private static readonly Field<string> FileId = Fields.Text("file_id", "The file's id, of POST /v1/files.", 256, required: true);

    /// <summary>A file to attach: also an element of a batch.</summary>
    public static readonly Contract NewContract = new(
        "VectorStoreFileRequest", [FileId, StoreFields.Attributes, StoreFields.ChunkingStrategy]);

    private static readonly Field<JsonElement?> NewAttributes = new(
        StoreFields.Attributes.Name, "The attributes from now on; those before are gone.", StoreFields.Attributes.Schema, StoreFields.Attributes.Read, required: true);

    private static readonly Contract Change = new("VectorStoreFileChange", [NewAttributes]);

    private static readonly Field<AttachmentStatus?> Filter = new(
        "filter",
        "Only files that are in_progress, completed, failed or cancelled.",
        () => new() { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetValues<AttachmentStatus>().Select(VectorStoreFileObject.StatusOf)]) },
        value => value.Text(32) is var name && Enum.GetValues<AttachmentStatus>().Where(status => VectorStoreFileObject.StatusOf(status) == name).ToArray() is [var one]
            ? one
            : throw value.Expected("in_progress, completed, failed or cancelled"));

    /// <summary>Which files of a store or a batch are listed.</summary>
    public static readonly Contract Listing = new(
        "VectorStoreFileQuery", [StoreFields.Limit, StoreFields.Order, StoreFields.After, StoreFields.Before, Filter]);

    public static void MapVectorStoreFiles(this IEndpointRouteBuilder routes)
    {
        Func<JsonTypeInfo> file = () => VectorStoresJson.Wire.VectorStoreFileObject;
        routes.MapPost("/v1/vector_stores/{store}/files", AttachAsync).Describe("Attaches a file to a vector store, by a job.", file, NewContract);
        routes.MapGet("/v1/vector_stores/{store}/files", ListAsync).Describe(
            "Lists the files of a vector store.", () => VectorStoresJson.Wire.VectorStoreFileList, query: Listing);
        routes.MapGet("/v1/vector_stores/{store}/files/{file}", GetAsync).Describe("Tells how far a file of a vector store is.", file);
        routes.MapPost("/v1/vector_stores/{store}/files/{file}", ChangeAsync).Describe("Replaces the attributes of a file.", file, Change);
        routes.MapDelete("/v1/vector_stores/{store}/files/{file}", DetachAsync).Describe(
            "Takes a file out of a vector store; the file itself is kept.", () => DocumentsJson.Wire.DeletedObject);
        routes.MapGet("/v1/vector_stores/{store}/files/{file}/content", ContentAsync).Describe(
            "The text that was read out of a file.", () => VectorStoresJson.Wire.FileContentPage);
    }

    /// <summary>What a request wants attached.</summary>
    public static (string File, JsonElement? Attributes) Read(FieldReader fields) => (fields.Require(FileId), fields.Get(StoreFields.Attributes));

    /// <summary>Answers with a page of the files of a store, or of one batch of it.</summary>
    public static async Task ListAsync(HttpContext context, DocumentLibrary library, Collection store, string? batch)
    {
        var fields = QueryFields.Read(context, Listing);
        var page = library.Files.ListAttached(
            store.Name, fields.Get(Filter), batch, fields.Get(StoreFields.Order) ?? false, fields.Get(StoreFields.Limit) ?? 20, fields.Get(StoreFields.After));
        await context.Response.WriteJsonAsync(VectorStoreFileList.Of(store, page), VectorStoresJson.Wire.VectorStoreFileList);
    }

    private static async Task AttachAsync(HttpContext context)
    {
        var wanted = await RequestBody.ReadAsync(context, body => Read(NewContract.Read(body)));
        var library = await DocumentEndpoints.Library(context);
        var store = StoreId.Find(library, context);
        if (library.Files.Find(wanted.File) is null)
            throw FileBatchEndpoints.NoFile(wanted.File);
        await library.Files.AttachAsync(store.Name, [wanted], context.RequestAborted);
        await AnswerAsync(context, store, library.Files.FindAttached(store.Name, wanted.File) ?? throw FileBatchEndpoints.NoFile(wanted.File));
    }

    private static async Task ListAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        await ListAsync(context, library, StoreId.Find(library, context), null);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var (_, store, file) = await FindAsync(context);
        await AnswerAsync(context, store, file);
    }

    private static async Task ChangeAsync(HttpContext context)
    {
        var attributes = await RequestBody.ReadAsync(context, body => Change.Read(body).Require(NewAttributes));
        var (library, store, file) = await FindAsync(context);
        if (!await library.Files.DescribeAsync(store.Name, file.Id, attributes, context.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, $"The file is {VectorStoreFileObject.StatusOf(file.Status)}; only one that is completed can be changed.", "conflict", "file_id");
        await AnswerAsync(context, store, library.Files.FindAttached(store.Name, file.Id) ?? file);
    }

    private static async Task DetachAsync(HttpContext context)
    {
        var (library, store, file) = await FindAsync(context);
        await library.Files.DetachAsync(store.Name, file.Id);
        await library.PurgeAsync(context.RequestAborted);
        await context.Response.WriteJsonAsync(new(file.Id, "vector_store.file.deleted", true), DocumentsJson.Wire.DeletedObject);
    }

    private static async Task ContentAsync(HttpContext context)
    {
        var (library, _, file) = await FindAsync(context);
        string text = file.DocumentId is { } document && library.Content(document) is { } content
            ? content
            : throw new ApiException(StatusCodes.Status409Conflict, $"The file is {VectorStoreFileObject.StatusOf(file.Status)}: there is no text of it.", "conflict", "file_id");
        await context.Response.WriteJsonAsync(
            new("vector_store.file_content.page", [new("text", text)], false, null), VectorStoresJson.Wire.FileContentPage);
    }

    private static async Task<(DocumentLibrary Library, Collection Store, AttachedFile File)> FindAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        var store = StoreId.Find(library, context);
        string id = (string)context.GetRouteValue("file")!;
        return (library, store, library.Files.FindAttached(store.Name, id) ?? throw new ApiException(
            StatusCodes.Status404NotFound, $"There is no file '{id}' in the vector store. GET /v1/vector_stores/{StoreId.Of(store)}/files lists those that are.",
            "not_found", "file_id"));
    }

    private static Task AnswerAsync(HttpContext context, Collection store, AttachedFile file) =>
        context.Response.WriteJsonAsync(VectorStoreFileObject.Of(store, file), VectorStoresJson.Wire.VectorStoreFileObject);
}
