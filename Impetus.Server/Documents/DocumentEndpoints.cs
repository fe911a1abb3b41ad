using Impetus.Retrieval;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Documents.Fetching;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Documents: adding, listing, reading, deleting.</summary>
internal static class DocumentEndpoints
{
    /// <summary>A larger document is added by a job.</summary>
    public const int MaxBytesAtOnce = 256 << 10;

    private static readonly Field<string> InCollection = LibraryFields.Collection("collection", "Only documents of this collection.");

    private static readonly Field<int?> Start = Fields.Integer("start", 0, int.MaxValue, "First code point of the text that is wanted. Absent: 0.");

    private static readonly Field<int?> End = Fields.Integer("end", 0, int.MaxValue, "One past the last code point. Absent: the text's end.");

    private static readonly Contract Listing = new("DocumentQuery", [InCollection, LibraryFields.Limit, LibraryFields.After]);

    private static readonly Contract Range = new("ContentQuery", [Start, End]);

    private static readonly Contract Paging = new("ChunkQuery", [LibraryFields.Limit, LibraryFields.After]);

    public static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/documents", AddAsync).Describe(
            "Adds documents: 201 when one is durable and can be found, 202 with a job for each if there are several, or one is large.",
            () => DocumentsJson.Wire.AddedObject, DocumentRequest.Contract, status: StatusCodes.Status201Created, form: DocumentRequest.Form.Contract);
        routes.MapGet("/v1/documents", ListAsync).Describe("Lists documents, newest first.", () => DocumentsJson.Wire.DocumentList, query: Listing);
        routes.MapGet("/v1/documents/{id}", GetAsync).Describe("Tells what is known of a document.", () => DocumentsJson.Wire.DocumentObject);
        routes.MapDelete("/v1/documents/{id}", DeleteAsync).Describe(
            "Deletes a document: it cannot be found any more, and its text is gone from the library's file.", () => DocumentsJson.Wire.DeletedObject);
        routes.MapGet("/v1/documents/{id}/content", ContentAsync).Describe(
            "The extracted text of a document, or a range of it.", () => DocumentsJson.Wire.ContentObject, query: Range);
        routes.MapGet("/v1/documents/{id}/chunks", ChunksAsync).Describe(
            "The passages of a document, in order.", () => DocumentsJson.Wire.ChunkList, query: Paging);
    }

    /// <summary>The library of a request's server.</summary>
    public static Task<DocumentLibrary> Library(HttpContext context) => context.RequestServices.GetRequiredService<LibraryHost>().LibraryAsync();

    private static async Task AddAsync(HttpContext context)
    {
        var active = context.RequestServices.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        var documents = FormBody.IsForm(context.Request)
            ? await FormBody.ReadAsync(context, DocumentRequest.Form, DocumentRequest.Read)
            : [await ReadOneAsync(context, cancel.Token)];
        documents = WithKey(documents, context.Request);
        var library = await Library(context);
        bool queued = documents is not [{ Bytes.Length: <= MaxBytesAtOnce }];
        var answer = queued
            ? AddedObject.Of(await library.EnqueueAsync(documents, cancel.Token))
            : AddedObject.Of(await library.AddAsync(documents[0], cancel.Token));
        context.Response.StatusCode = queued ? StatusCodes.Status202Accepted : StatusCodes.Status201Created;
        context.Response.Headers.Location = answer switch
        {
            { Id: { } id } => $"/v1/documents/{id}",
            { Job: { } job } => $"/v1/documents/jobs/{job.Id}",
            _ => "/v1/documents/jobs",
        };
        await context.Response.WriteJsonAsync(answer, DocumentsJson.Wire.AddedObject);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Listing);
        var page = (await Library(context)).List(fields.Get(InCollection), fields.Get(LibraryFields.Limit) ?? 20, fields.Get(LibraryFields.After));
        await context.Response.WriteJsonAsync(DocumentList.Of(page), DocumentsJson.Wire.DocumentList);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var document = (await Library(context)).Get(Id(context)) ?? throw Missing(context);
        await context.Response.WriteJsonAsync(DocumentObject.Of(document), DocumentsJson.Wire.DocumentObject);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var library = await Library(context);
        if (!await library.DeleteAsync(Id(context)))
            throw Missing(context);
        // Answered when the text is out of the file, so that the answer can be believed.
        await library.PurgeAsync(context.RequestAborted);
        await context.Response.WriteJsonAsync(new(Id(context), "document.deleted", true), DocumentsJson.Wire.DeletedObject);
    }

    private static async Task ContentAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Range);
        string text = (await Library(context)).Content(Id(context)) ?? throw Missing(context);
        int characters = CodePoints.Count(text);
        int start = fields.Get(Start) ?? 0, end = fields.Get(End) ?? characters;
        if (end > characters)
            throw ApiException.Invalid("end", $"end is {end}, but the text has {characters} code points.");
        if (start > end)
            throw ApiException.Invalid("start", $"start is {start}, past the end at {end}.");
        string part = text[CodePoints.ToUtf16(text, start)..CodePoints.ToUtf16(text, end)];
        await context.Response.WriteJsonAsync(
            new(Id(context), "document.content", start, end, characters, part), DocumentsJson.Wire.ContentObject);
    }

    private static async Task ChunksAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Paging);
        var page = (await Library(context)).Chunks(Id(context), fields.Get(LibraryFields.Limit) ?? 100, fields.Get(LibraryFields.After))
            ?? throw Missing(context);
        await context.Response.WriteJsonAsync(ChunkList.Of(page), DocumentsJson.Wire.ChunkList);
    }

    private static async Task<NewDocument> ReadOneAsync(HttpContext context, CancellationToken cancel)
    {
        var (document, url) = await RequestBody.ReadAsync(context, DocumentRequest.Read);
        if (url is null)
            return document;
        if (!context.RequestServices.GetRequiredService<ServerSettings>().FetchesUrls)
            throw ApiException.Unsupported("url", "url is not supported: fetching is off on this server. Start it with --fetch-urls on, or send the document itself.");
        var fetched = await context.RequestServices.GetRequiredService<UrlFetcher>().FetchAsync(url, cancel);
        return document with
        {
            Name = document.Name.Length > 0 ? document.Name : fetched.Name,
            Bytes = fetched.Bytes,
            ContentType = fetched.ContentType,
            Source = document.Source ?? fetched.Source,
        };
    }

    /// <summary>Each of several documents gets a key of its own.</summary>
    private static IReadOnlyList<NewDocument> WithKey(IReadOnlyList<NewDocument> documents, HttpRequest request) =>
        request.Headers["Idempotency-Key"] is not [{ } key] ? documents
        : documents is [var only] ? [only with { IdempotencyKey = key }]
        : [.. documents.Select((document, i) => document with { IdempotencyKey = $"{key}/{i}" })];

    private static string Id(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static ApiException Missing(HttpContext context) =>
        new(StatusCodes.Status404NotFound, $"There is no document '{Id(context)}'. GET /v1/documents lists those that are here.", "not_found", "id");
}
