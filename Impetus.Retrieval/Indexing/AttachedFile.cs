using System.Text.Json;

namespace Impetus.Retrieval.Indexing;

/// <summary>How far a file is that was attached to a collection.</summary>
public enum AttachmentStatus
{
    /// <summary>Its job waits or runs.</summary>
    InProgress,

    /// <summary>It is a document of the collection.</summary>
    Completed,

    /// <summary>It could not be read or added.</summary>
    Failed,

    /// <summary>Its job was stopped.</summary>
    Cancelled,
}

/// <summary>A file in a collection: one that was attached, or a document that came as itself.</summary>
/// <param name="Id">The file's id; the document's, for one that came as itself.</param>
/// <param name="Collection">The collection.</param>
/// <param name="Status">How far it is.</param>
/// <param name="DocumentId">The document that was made of it; null before.</param>
/// <param name="Bytes">Size of that document's file; 0 before.</param>
/// <param name="Metadata">The user's JSON object, if any.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Created">When it was attached, UTC.</param>
public sealed record AttachedFile(
    string Id, string Collection, AttachmentStatus Status, string? DocumentId, long Bytes, JsonElement? Metadata, IngestFailure? Failure,
    DateTimeOffset Created);

/// <summary>How many files are in each state.</summary>
/// <param name="InProgress">Waiting or being added.</param>
/// <param name="Completed">Documents by now.</param>
/// <param name="Failed">Not readable.</param>
/// <param name="Cancelled">Stopped.</param>
/// <param name="Bytes">Size of the files of all that are documents.</param>
public sealed record AttachmentCounts(int InProgress, int Completed, int Failed, int Cancelled, long Bytes)
{
    /// <summary>All of them.</summary>
    public int Total => InProgress + Completed + Failed + Cancelled;
}

/// <summary>Files that were attached together.</summary>
/// <param name="Id">Its id, <c>vsfb_</c> and 32 hexadecimal digits.</param>
/// <param name="Created">When they were attached, UTC.</param>
/// <param name="Counts">How far they are.</param>
public sealed record AttachmentBatch(string Id, DateTimeOffset Created, AttachmentCounts Counts);
