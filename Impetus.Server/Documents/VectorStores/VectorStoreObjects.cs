using System.Text.Json;
using System.Text.Json.Serialization;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>A vector store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>vector_store</c>.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="Name">The collection's name.</param>
/// <param name="UsageBytes">Size of its documents' files.</param>
/// <param name="FileCounts">How far its files are.</param>
/// <param name="Status"><c>in_progress</c> while files are being added, else <c>completed</c>.</param>
/// <param name="ExpiresAfter">Always null.</param>
/// <param name="ExpiresAt">Always null.</param>
/// <param name="LastActiveAt">Always null: it is not kept.</param>
/// <param name="Metadata">Your own.</param>
internal sealed record VectorStoreObject(
    string Id,
    string Object,
    long CreatedAt,
    string Name,
    long UsageBytes,
    FileCountsObject FileCounts,
    string Status,
    string? ExpiresAfter,
    long? ExpiresAt,
    long? LastActiveAt,
    IReadOnlyDictionary<string, string> Metadata)
{
    public static VectorStoreObject Of(DocumentLibrary library, Collection c)
    {
        var counts = library.Files.Count(c.Name);
        return new(
            StoreId.Of(c), "vector_store", c.Created.ToUnixTimeSeconds(), c.Name, counts.Bytes, FileCountsObject.Of(counts),
            counts.InProgress > 0 ? "in_progress" : "completed", null, null, null, Texts(c.Metadata));
    }

    /// <summary>What came through the other door may hold more than strings; OpenAI's clients know only those.</summary>
    private static Dictionary<string, string> Texts(JsonElement? metadata) =>
        metadata is { } o ? o.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.Ordinal) : [];
}

/// <param name="InProgress">Waiting or being added.</param>
/// <param name="Completed">To be found.</param>
/// <param name="Failed">Not readable.</param>
/// <param name="Cancelled">Stopped.</param>
/// <param name="Total">All.</param>
internal sealed record FileCountsObject(int InProgress, int Completed, int Failed, int Cancelled, int Total)
{
    public static FileCountsObject Of(AttachmentCounts c) => new(c.InProgress, c.Completed, c.Failed, c.Cancelled, c.Total);
}

/// <inheritdoc cref="FileList"/>
internal sealed record VectorStoreList(string Object, IReadOnlyList<VectorStoreObject> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>A file of a vector store.</summary>
/// <param name="Id">The file's id; the document's, if it came through <c>/v1/documents</c>.</param>
/// <param name="Object">Always <c>vector_store.file</c>.</param>
/// <param name="UsageBytes">Size of the file; 0 until it is completed.</param>
/// <param name="CreatedAt">When it was attached, in seconds since 1970.</param>
/// <param name="VectorStoreId">The store's id.</param>
/// <param name="Status"><c>in_progress</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="LastError">Why it failed.</param>
/// <param name="ChunkingStrategy">Always <c>other</c>: the collection's own.</param>
/// <param name="Attributes">Your own.</param>
/// <param name="DocumentId">The document in <c>/v1/documents</c>; null until it is completed.</param>
internal sealed record VectorStoreFileObject(
    string Id,
    string Object,
    long UsageBytes,
    long CreatedAt,
    string VectorStoreId,
    string Status,
    FileErrorObject? LastError,
    ChunkingObject ChunkingStrategy,
    IReadOnlyDictionary<string, JsonElement> Attributes,
    string? DocumentId)
{
    public static VectorStoreFileObject Of(Collection store, AttachedFile f) => new(
        f.Id, "vector_store.file", f.Bytes, f.Created.ToUnixTimeSeconds(), StoreId.Of(store), StatusOf(f.Status),
        f.Failure is { } failure ? new(CodeOf(failure), failure.Message) : null, new("other"), Scalars(f.Metadata), f.DocumentId);

    public static string StatusOf(AttachmentStatus status) => status == AttachmentStatus.InProgress ? "in_progress" : Wire.Name(status);

    /// <summary>What OpenAI's clients can read: strings, numbers and booleans; deeper values as their JSON text.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Scalars(JsonElement? metadata)
    {
        if (metadata is not { } all)
            return new Dictionary<string, JsonElement>();
        return all.EnumerateObject().ToDictionary(
            member => member.Name,
            member => member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null
                ? JsonSerializer.SerializeToElement(member.Value.GetRawText(), VectorStoresJson.Wire.String)
                : member.Value,
            StringComparer.Ordinal);
    }

    private static string CodeOf(IngestFailure failure) => failure.Code switch
    {
        "failed" => "server_error",
        "unsupported" or "binary" => "unsupported_file",
        _ => "invalid_file",
    };
}

/// <param name="Code"><c>unsupported_file</c>, <c>invalid_file</c> or <c>server_error</c>.</param>
/// <param name="Message">Why, for people.</param>
internal sealed record FileErrorObject(string Code, string Message);

/// <param name="Type">Always <c>other</c>.</param>
internal sealed record ChunkingObject(string Type);

/// <inheritdoc cref="FileList"/>
internal sealed record VectorStoreFileList(string Object, IReadOnlyList<VectorStoreFileObject> Data, string? FirstId, string? LastId, bool HasMore)
{
    public static VectorStoreFileList Of(Collection store, Page<AttachedFile> page) => new(
        "list", [.. page.Items.Select(file => VectorStoreFileObject.Of(store, file))], page.Items is [var first, ..] ? first.Id : null,
        page.Items is [.., var last] ? last.Id : null, page.Next is not null);
}

/// <param name="Object">Always <c>vector_store.file_content.page</c>.</param>
/// <param name="Data">One part: the whole text.</param>
/// <param name="HasMore">Always false.</param>
/// <param name="NextPage">Always null.</param>
internal sealed record FileContentPage(string Object, IReadOnlyList<TextPart> Data, bool HasMore, string? NextPage);

/// <param name="Type">Always <c>text</c>.</param>
/// <param name="Text">The text.</param>
internal sealed record TextPart(string Type, string Text);

/// <summary>Files that were attached together.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>vector_store.files_batch</c>.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="VectorStoreId">The store's id.</param>
/// <param name="Status"><c>in_progress</c>; then <c>cancelled</c> or <c>failed</c> if all are, else <c>completed</c>.</param>
/// <param name="FileCounts">How far its files are.</param>
internal sealed record FileBatchObject(string Id, string Object, long CreatedAt, string VectorStoreId, string Status, FileCountsObject FileCounts)
{
    public static FileBatchObject Of(Collection store, AttachmentBatch b) => new(
        b.Id, "vector_store.files_batch", b.Created.ToUnixTimeSeconds(), StoreId.Of(store), StatusOf(b.Counts), FileCountsObject.Of(b.Counts));

    private static string StatusOf(AttachmentCounts counts) =>
        counts.InProgress > 0 ? "in_progress"
        : counts.Completed > 0 ? "completed"
        : counts.Failed == 0 ? "cancelled"
        : "failed";
}

/// <summary>What was found in a store.</summary>
/// <param name="Object">Always <c>vector_store.search_results.page</c>.</param>
/// <param name="SearchQuery">What was sought.</param>
/// <param name="Data">Best first.</param>
/// <param name="HasMore">Always false.</param>
/// <param name="NextPage">Always null.</param>
internal sealed record StoreSearchPage(
    string Object, IReadOnlyList<string> SearchQuery, IReadOnlyList<StoreSearchResult> Data, bool HasMore, string? NextPage);

/// <summary>A passage that was found.</summary>
/// <param name="FileId">The file's id; the document's, if it came through <c>/v1/documents</c>.</param>
/// <param name="Filename">Its name.</param>
/// <param name="Score">From 0 to 1; comparable within one answer.</param>
/// <param name="Attributes">The file's own.</param>
/// <param name="Content">One part: the passage.</param>
/// <param name="DocumentId">The document in <c>/v1/documents</c>.</param>
/// <param name="Page">Page on which the passage begins; null where there are no pages.</param>
/// <param name="Start">Its first code point in the document's text.</param>
/// <param name="End">One past the last.</param>
internal sealed record StoreSearchResult(
    string FileId, string Filename, double Score, IReadOnlyDictionary<string, JsonElement> Attributes, IReadOnlyList<TextPart> Content, string DocumentId,
    int? Page, int Start, int End);

[JsonSerializable(typeof(FileObject))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(VectorStoreObject))]
[JsonSerializable(typeof(VectorStoreList))]
[JsonSerializable(typeof(VectorStoreFileObject))]
[JsonSerializable(typeof(VectorStoreFileList))]
[JsonSerializable(typeof(FileContentPage))]
[JsonSerializable(typeof(FileBatchObject))]
[JsonSerializable(typeof(StoreSearchPage))]
[JsonSerializable(typeof(string))]
internal sealed partial class VectorStoresJson : JsonSerializerContext
{
    public static VectorStoresJson Wire { get; } = new(WireFormat.Options());
}
