using System.Text.Json;
using System.Text.Json.Serialization;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>What became of a document that was sent.</summary>
/// <param name="Id">The document's id; null while a job is at work on it.</param>
/// <param name="Object">Always <c>document.added</c>.</param>
/// <param name="Outcome"><c>created</c>, <c>replaced</c> (it took the place of an older one of its source), <c>unchanged</c> (its bytes were here) or <c>queued</c>.</param>
/// <param name="Document">The document; null while it is queued.</param>
/// <param name="Job">The job that adds it, if it was queued.</param>
/// <param name="Jobs">The jobs that add them, in the files' order, if several were sent.</param>
internal sealed record AddedObject(
    string? Id, string Object, string Outcome, DocumentObject? Document, JobObject? Job, IReadOnlyList<JobObject>? Jobs)
{
    public static AddedObject Of(AddedDocument added) => new(
        added.Document.Id, "document.added", Wire.Name(added.Outcome), DocumentObject.Of(added.Document), null, null);

    public static AddedObject Of(IReadOnlyList<IngestJob> jobs) => jobs is [var job]
        ? new(null, "document.added", "queued", null, JobObject.Of(job), null)
        : new(null, "document.added", "queued", null, null, [.. jobs.Select(JobObject.Of)]);
}

/// <summary>A document of the library.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>document</c>.</param>
/// <param name="Collection">The collection that holds it.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Title">Its title; the name where it has none.</param>
/// <param name="Source">Where it came from, if that was said.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Characters">Length of its text in Unicode code points.</param>
/// <param name="Pages">How many; 0 where the format has none.</param>
/// <param name="Chunks">How many passages it was cut into.</param>
/// <param name="Language">ISO 639-1, or <c>und</c>.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Modified">Seconds since 1970, if known.</param>
/// <param name="Metadata">The user's own.</param>
/// <param name="Warnings">What its reader wants to be known.</param>
internal sealed record DocumentObject(
    string Id,
    string Object,
    string Collection,
    string Name,
    string Title,
    string? Source,
    string Sha256,
    long Bytes,
    int Characters,
    int Pages,
    int Chunks,
    string Language,
    long Created,
    long? Modified,
    JsonElement? Metadata,
    IReadOnlyList<string> Warnings)
{
    public static DocumentObject Of(StoredDocument d) => new(
        d.Id, "document", d.Collection, d.Name, d.Title, d.Source, d.Sha256, d.Bytes, d.Characters, d.Pages, d.Chunks, d.Language,
        d.Created.ToUnixTimeSeconds(), d.Modified?.ToUnixTimeSeconds(), d.Metadata, d.Warnings);
}

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">Newest first.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="Next">Pass it as <c>after</c> for the next page.</param>
internal sealed record DocumentList(string Object, IReadOnlyList<DocumentObject> Data, bool HasMore, string? Next)
{
    public static DocumentList Of(Page<StoredDocument> page) => new("list", [.. page.Items.Select(DocumentObject.Of)], page.Next is not null, page.Next);
}

/// <param name="Id">The document's id.</param>
/// <param name="Object">Always <c>document.content</c>.</param>
/// <param name="Start">First code point of what follows.</param>
/// <param name="End">One past the last.</param>
/// <param name="Characters">Length of the whole text in code points.</param>
/// <param name="Text">The text at the range.</param>
internal sealed record ContentObject(string Id, string Object, int Start, int End, int Characters, string Text);

/// <summary>A passage of a document.</summary>
/// <param name="Index">Among the document's passages, from 0.</param>
/// <param name="Object">Always <c>document.chunk</c>.</param>
/// <param name="Start">First code point in the document's text.</param>
/// <param name="End">One past the last.</param>
/// <param name="Page">Page on which it begins; null where there are no pages.</param>
/// <param name="LastPage">Page on which it ends.</param>
/// <param name="Headings">Those above it, outermost first.</param>
/// <param name="Tokens">As the embedding model counts.</param>
/// <param name="Text">The text at the range, exactly.</param>
internal sealed record ChunkObject(
    int Index, string Object, int Start, int End, int? Page, int? LastPage, IReadOnlyList<string> Headings, int Tokens, string Text)
{
    public static ChunkObject Of(StoredChunk c) => new(
        c.Ordinal, "document.chunk", c.Start, c.End, Wire.Page(c.FirstPage), Wire.Page(c.LastPage), c.HeadingPath, c.Tokens, c.Text);
}

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">In the order of the text.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="Next">Pass it as <c>after</c> for the next page.</param>
internal sealed record ChunkList(string Object, IReadOnlyList<ChunkObject> Data, bool HasMore, string? Next)
{
    public static ChunkList Of(Page<StoredChunk> page) => new("list", [.. page.Items.Select(ChunkObject.Of)], page.Next is not null, page.Next);
}

/// <param name="Id">Of what was deleted.</param>
/// <param name="Object">What it was.</param>
/// <param name="Deleted">Always true.</param>
internal sealed record DeletedObject(string Id, string Object, bool Deleted);

/// <summary>How the library's values are written.</summary>
internal static class Wire
{
    public static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>A page's number; null where the document has no pages.</summary>
    public static int? Page(int number) => number > 0 ? number : null;
}

[JsonSerializable(typeof(AddedObject))]
[JsonSerializable(typeof(DocumentObject))]
[JsonSerializable(typeof(DocumentList))]
[JsonSerializable(typeof(ContentObject))]
[JsonSerializable(typeof(ChunkList))]
[JsonSerializable(typeof(DeletedObject))]
[JsonSerializable(typeof(JobObject))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(CollectionObject))]
[JsonSerializable(typeof(CollectionList))]
[JsonSerializable(typeof(SearchList))]
internal sealed partial class DocumentsJson : JsonSerializerContext
{
    public static DocumentsJson Wire { get; } = new(WireFormat.Options());
}
