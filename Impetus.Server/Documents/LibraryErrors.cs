using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>What the library has to say against a request, in OpenAI's shape.</summary>
internal static class LibraryErrors
{
    /// <summary>The error that stands for a fault of the library; its message is the library's own.</summary>
    public static ApiException Describe(LibraryException fault) => fault.Fault switch
    {
        LibraryFault.InvalidRequest => ApiException.Invalid(null, fault.Message),
        LibraryFault.NotFound => new(StatusCodes.Status404NotFound, fault.Message, "not_found"),
        LibraryFault.ModelMissing => new(StatusCodes.Status404NotFound, fault.Message, "model_not_found"),
        LibraryFault.Conflict => new(StatusCodes.Status409Conflict, fault.Message, "conflict"),
        LibraryFault.TooLarge => new(StatusCodes.Status413PayloadTooLarge, fault.Message, fault.Code ?? "too_large"),
        LibraryFault.Unreadable => new(StatusCodes.Status422UnprocessableEntity, fault.Message, fault.Code ?? "unreadable"),
        LibraryFault.Busy => ApiException.Unavailable(fault.Message, "queue_full", retryAfterSeconds: 5),
        LibraryFault.DiskFull => new(StatusCodes.Status507InsufficientStorage, fault.Message, "disk_full"),
        LibraryFault.ReadOnly => new(StatusCodes.Status500InternalServerError, fault.Message, "library_read_only"),
        LibraryFault.Locked => ApiException.Unavailable(fault.Message, "library_locked", retryAfterSeconds: 5),
        LibraryFault.NewerVersion => new(StatusCodes.Status500InternalServerError, fault.Message, "library_newer"),
        _ => new(StatusCodes.Status500InternalServerError, fault.Message, "library_damaged"),
    };
}
