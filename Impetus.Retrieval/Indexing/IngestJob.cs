namespace Impetus.Retrieval.Indexing;

/// <summary>State of a job.</summary>
public enum JobState
{
    /// <summary>Accepted and durable, not begun.</summary>
    Queued,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Done; documents that could not be read are listed in <see cref="IngestJob.Failures"/>.</summary>
    Succeeded,

    /// <summary>Stopped by a fault; <see cref="IngestJob.Error"/> says which.</summary>
    Failed,

    /// <summary>Stopped by the user.</summary>
    Cancelled,
}

/// <summary>Kind of a job.</summary>
public enum JobKind
{
    /// <summary>Adds one document whose bytes were sent.</summary>
    Document,

    /// <summary>Adds what is in a folder.</summary>
    Folder,

    /// <summary>Embeds a collection anew.</summary>
    Reindex,
}

/// <summary>Work that outlives its request and, being durable, the process.</summary>
/// <param name="Id">Its id, <c>job_</c> and 32 hexadecimal digits.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Collection">The collection that it works on.</param>
/// <param name="State">How far it is.</param>
/// <param name="DocumentsDone">Documents finished, failed ones included.</param>
/// <param name="DocumentsTotal">Documents known so far.</param>
/// <param name="ChunksDone">Chunks embedded and written.</param>
/// <param name="ChunksTotal">Chunks known so far.</param>
/// <param name="SecondsLeft">Estimate from the pace so far; null before there is one.</param>
/// <param name="DocumentId">The document that a <see cref="JobKind.Document"/> job made.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Failures">Documents that could not be added, at most 1,000.</param>
/// <param name="Created">When it was accepted, UTC.</param>
public sealed record IngestJob(
    string Id,
    JobKind Kind,
    string Collection,
    JobState State,
    int DocumentsDone,
    int DocumentsTotal,
    int ChunksDone,
    int ChunksTotal,
    double? SecondsLeft,
    string? DocumentId,
    string? Error,
    IReadOnlyList<IngestFailure> Failures,
    DateTimeOffset Created)
{
    /// <summary>Whether the state is final.</summary>
    public bool IsFinished => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
}

/// <summary>A document that could not be added, and why.</summary>
public sealed record IngestFailure(string Source, string Code, string Message);
