using Impetus.Retrieval.Indexing;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Microsoft.Net.Http.Headers;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>OpenAI's files: kept as they are, until they are deleted, and documents of each vector store that they are attached to.</summary>
internal static class FileEndpoints
{
    private const int MaxPage = 10_000;

    private static readonly string[] Purposes = ["assistants", "user_data"];

    private static readonly Field<string> File = new(
        FormBody.FileName, "The file; its name tells the format where its content leaves it open.", () => Fields.Schema("string"), _ => "", required: true);

    private static readonly Field<string> Purpose = new(
        "purpose",
        "assistants or user_data: files here are documents.",
        () => new() { ["type"] = "string", ["enum"] = new System.Text.Json.Nodes.JsonArray([.. Purposes]) },
        value => value.Text(64) is var purpose && Purposes.Contains(purpose)
            ? purpose
            : throw ApiException.Unsupported(value.Path, $"The purpose {purpose} is not supported: files here are documents, for {string.Join(" or ", Purposes)}."),
        required: true);

    private static readonly FormShape Upload = new(
        new(
            "FileForm",
            [File, Purpose, .. new[] { "expires_after[anchor]", "expires_after[seconds]" }.Select(name => new RefusedField(name, "files are kept until they are deleted."))]),
        DocumentRequest.MaxBytes,
        MaxFiles: 1);

    private static readonly Field<string> OfPurpose = Fields.Text("purpose", "Only files of this purpose.", 64);

    private static readonly Field<int?> Limit = Fields.Integer("limit", 1, MaxPage, "At most so many items. Absent: 10000.");

    private static readonly Contract Listing = new("FileQuery", [OfPurpose, Limit, StoreFields.Order, StoreFields.After]);

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/files", AddAsync).Describe("Keeps a file, until it is deleted.", () => VectorStoresJson.Wire.FileObject, form: Upload.Contract);
        routes.MapGet("/v1/files", ListAsync).Describe("Lists files.", () => VectorStoresJson.Wire.FileList, query: Listing);
        routes.MapGet("/v1/files/{id}", GetAsync).Describe("Tells what is known of a file.", () => VectorStoresJson.Wire.FileObject);
        routes.MapGet("/v1/files/{id}/content", ContentAsync).Describe("The bytes of a file.", media: "application/octet-stream");
        routes.MapDelete("/v1/files/{id}", DeleteAsync).Describe(
            "Deletes a file, and takes it out of all vector stores: its text cannot be found any more, and is gone from the library's file.",
            () => DocumentsJson.Wire.DeletedObject);
    }

    private static async Task AddAsync(HttpContext context)
    {
        using var visit = context.RequestServices.GetRequiredService<ActiveRequests>().Enter();
        var file = await FormBody.ReadAsync(
            context, Upload, (fields, files) => new NewFile(files[0].Name, files[0].Bytes, fields.Require(Purpose)) { ContentType = files[0].ContentType });
        var kept = await (await Files(context)).AddAsync(file, context.RequestAborted);
        await context.Response.WriteJsonAsync(FileObject.Of(kept), VectorStoresJson.Wire.FileObject);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Listing);
        var page = (await Files(context)).List(
            fields.Get(OfPurpose), fields.Get(StoreFields.Order) ?? false, fields.Get(Limit) ?? MaxPage, fields.Get(StoreFields.After));
        await context.Response.WriteJsonAsync(FileList.Of(page), VectorStoresJson.Wire.FileList);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var file = (await Files(context)).Find(Id(context)) ?? throw Missing(context);
        await context.Response.WriteJsonAsync(FileObject.Of(file), VectorStoresJson.Wire.FileObject);
    }

    private static async Task ContentAsync(HttpContext context)
    {
        var files = await Files(context);
        if (files.Find(Id(context)) is not { } file || files.Content(file.Id) is not { } bytes)
            throw Missing(context);
        // Never as what its sender says it is: a browser would run a page in our name.
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        if (!await library.Files.DeleteAsync(Id(context)))
            throw Missing(context);
        await library.PurgeAsync(context.RequestAborted);
        await context.Response.WriteJsonAsync(new(Id(context), "file", true), DocumentsJson.Wire.DeletedObject);
    }

    private static async Task<LibraryFiles> Files(HttpContext context) => (await DocumentEndpoints.Library(context)).Files;

    private static string Id(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static ApiException Missing(HttpContext context) =>
        new(StatusCodes.Status404NotFound, $"There is no file '{Id(context)}'. GET /v1/files lists those that are here.", "not_found", "file_id");
}
