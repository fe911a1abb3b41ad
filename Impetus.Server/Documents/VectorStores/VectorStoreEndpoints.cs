using System.Security.Cryptography;
using System.Text.Json;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>OpenAI's vector stores: a second door to the collections.</summary>
internal static class VectorStoreEndpoints
{
    public const int MaxFiles = 500;

    private static readonly Field<string> Name = LibraryFields.Collection(
        "name", "The collection's name: 1 to 128 characters, no slashes, and no other collection's. Absent: one is made up.");

    private static readonly Field<string> NewName = LibraryFields.Collection("name", "The collection's new name.");

    private static readonly RefusedField ExpiresAfter = new("expires_after", "what is in the library is kept until it is deleted.");

    private static readonly RefusedField Description = new("description", "a collection has a name and metadata.");

    private static readonly Field<IReadOnlyList<string>> FileIds = FileBatchEndpoints.FileIds("Files to attach, by their ids.");

    private static readonly Contract NewContract = new(
        "VectorStoreRequest", [Name, FileIds, StoreFields.Metadata, ExpiresAfter, StoreFields.ChunkingStrategy, Description]);

    private static readonly Contract Change = new("VectorStoreChange", [NewName, StoreFields.Metadata, ExpiresAfter]);

    private static readonly Contract Listing = new(
        "VectorStoreQuery", [StoreFields.Limit, StoreFields.Order, StoreFields.After, StoreFields.Before]);

    public static void MapVectorStores(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/vector_stores", CreateAsync).Describe(
            "Makes a vector store, which is a collection.", () => VectorStoresJson.Wire.VectorStoreObject, NewContract);
        routes.MapGet("/v1/vector_stores", ListAsync).Describe("Lists vector stores: all collections.", () => VectorStoresJson.Wire.VectorStoreList, query: Listing);
        routes.MapGet("/v1/vector_stores/{store}", GetAsync).Describe("Tells what is known of a vector store.", () => VectorStoresJson.Wire.VectorStoreObject);
        routes.MapPost("/v1/vector_stores/{store}", ChangeAsync).Describe("Renames or describes a vector store.", () => VectorStoresJson.Wire.VectorStoreObject, Change);
        routes.MapDelete("/v1/vector_stores/{store}", DeleteAsync).Describe(
            "Deletes a vector store and the documents in it; files are kept.", () => DocumentsJson.Wire.DeletedObject);
    }

    private static async Task CreateAsync(HttpContext context)
    {
        var (wanted, files) = await RequestBody.ReadAsync(context, body =>
        {
            var fields = NewContract.Read(body);
            string name = fields.Get(Name) ?? $"vector-store-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
            return (new NewCollection(name) { Metadata = fields.Get(StoreFields.Metadata) }, fields.Get(FileIds) ?? []);
        });
        var library = await DocumentEndpoints.Library(context);
        if (files.FirstOrDefault(file => library.Files.Find(file) is null) is { } missing)
            throw FileBatchEndpoints.NoFile(missing);
        var made = await library.CreateCollectionAsync(wanted, context.RequestAborted);
        if (files.Count > 0)
            await library.Files.AttachAsync(made.Name, [.. files.Select(file => (file, (JsonElement?)null))]);
        await AnswerAsync(context, library, made);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Listing);
        int limit = fields.Get(StoreFields.Limit) ?? 20;
        var library = await DocumentEndpoints.Library(context);
        IEnumerable<Collection> ordered = library.ListCollections().OrderBy(collection => collection.Number);
        if (fields.Get(StoreFields.Order) is not true)
            ordered = ordered.Reverse();
        if (fields.Get(StoreFields.After) is { } after)
            ordered = ordered.SkipWhile(collection => StoreId.Of(collection) != after).Skip(1);
        var page = ordered.Take(limit + 1).ToList();
        VectorStoreObject[] stores = [.. page.Take(limit).Select(collection => VectorStoreObject.Of(library, collection))];
        await context.Response.WriteJsonAsync(
            new("list", stores, stores.FirstOrDefault()?.Id, stores.LastOrDefault()?.Id, page.Count > limit), VectorStoresJson.Wire.VectorStoreList);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        await AnswerAsync(context, library, StoreId.Find(library, context));
    }

    private static async Task ChangeAsync(HttpContext context)
    {
        var change = await RequestBody.ReadAsync(context, body =>
        {
            var fields = Change.Read(body);
            return new CollectionChange(fields.Get(NewName), fields.Get(StoreFields.Metadata));
        });
        var library = await DocumentEndpoints.Library(context);
        var store = StoreId.Find(library, context);
        await AnswerAsync(context, library, await library.ChangeCollectionAsync(store.Name, change, context.RequestAborted) ?? store);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        var store = StoreId.Find(library, context);
        await library.DeleteCollectionAsync(store.Name);
        await library.PurgeAsync(context.RequestAborted);
        await context.Response.WriteJsonAsync(new(StoreId.Of(store), "vector_store.deleted", true), DocumentsJson.Wire.DeletedObject);
    }

    private static Task AnswerAsync(HttpContext context, DocumentLibrary library, Collection store) =>
        context.Response.WriteJsonAsync(VectorStoreObject.Of(library, store), VectorStoresJson.Wire.VectorStoreObject);
}
