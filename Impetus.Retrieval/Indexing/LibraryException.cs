namespace Impetus.Retrieval.Indexing;

/// <summary>Why the library refused. Each fault has a message that says what to do.</summary>
public enum LibraryFault
{
    /// <summary>A parameter is out of its range or a body is malformed: HTTP 400.</summary>
    InvalidRequest,

    /// <summary>The collection, document or job does not exist: HTTP 404.</summary>
    NotFound,

    /// <summary>The name is taken, the embedding model differs, or an idempotency key was used for other content: HTTP 409.</summary>
    Conflict,

    /// <summary>A document is over a limit: HTTP 413.</summary>
    TooLarge,

    /// <summary>The document has no text or cannot be read: HTTP 422.</summary>
    Unreadable,

    /// <summary>The embedding model is not installed: HTTP 404.</summary>
    ModelMissing,

    /// <summary>Too much work is queued: HTTP 503.</summary>
    Busy,

    /// <summary>No space left on the disk: HTTP 507.</summary>
    DiskFull,

    /// <summary>The folder or file cannot be written.</summary>
    ReadOnly,

    /// <summary>Another process has the library open.</summary>
    Locked,

    /// <summary>A newer version of Impetus wrote the file.</summary>
    NewerVersion,

    /// <summary>The file is damaged or is no library.</summary>
    Damaged,
}

/// <summary>A fault of the library, written for the person who reads it.</summary>
public sealed class LibraryException : Exception
{
    public LibraryException(LibraryFault fault, string message, Exception? cause = null) : base(message, cause) => Fault = fault;

    /// <summary>What kind of fault this is.</summary>
    public LibraryFault Fault { get; }

    /// <summary>A reader's own code for a document that it could not read (<c>encrypted</c>, <c>damaged</c>, <c>no_text</c> …).</summary>
    public string? Code { get; init; }
}
