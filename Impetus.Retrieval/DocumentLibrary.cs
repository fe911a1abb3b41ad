using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;

namespace Impetus.Retrieval;

/// <summary>
/// Documents in, evidence out: one SQLite file in one folder, opened by one process. All members are thread-safe. What a completed call
/// returned is durable. Faults are <see cref="LibraryException"/>s.
/// </summary>
public sealed class DocumentLibrary : IAsyncDisposable
{
    private DocumentLibrary()
    {
    }

    /// <summary>Opens the library, makes it where it does not exist, and resumes its jobs.</summary>
    public static Task<DocumentLibrary> OpenAsync(LibraryOptions options, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Raised, from any thread, whenever a job advances.</summary>
    public event Action<IngestJob>? JobAdvanced { add => throw new NotSupportedException(); remove => throw new NotSupportedException(); }

    /// <summary>Makes a collection.</summary>
    public Task<Collection> CreateCollectionAsync(NewCollection collection, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>All collections by name.</summary>
    public IReadOnlyList<Collection> ListCollections() => throw new NotSupportedException();

    /// <summary>A collection, or null.</summary>
    public Collection? FindCollection(string name) => throw new NotSupportedException();

    /// <summary>Deletes a collection and all that it holds; false where there was none.</summary>
    public Task<bool> DeleteCollectionAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Embeds a collection anew, with another model where one is named. The old vectors serve until the new ones are complete.</summary>
    public Task<IngestJob> ReindexAsync(string collection, string? embeddingModel = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Adds a document and returns when it is durable and can be found.</summary>
    public Task<AddedDocument> AddAsync(NewDocument document, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Makes the document's bytes and a job durable and returns at once.</summary>
    public Task<IngestJob> EnqueueAsync(NewDocument document, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Adds what is in a folder, by a durable job.</summary>
    public Task<IngestJob> EnqueueAsync(FolderSource folder, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>A document, or null.</summary>
    public StoredDocument? Get(string id) => throw new NotSupportedException();

    /// <summary>Documents, newest first; of one collection or of all.</summary>
    public Page<StoredDocument> List(string? collection = null, int limit = 20, string? after = null) => throw new NotSupportedException();

    /// <summary>Deletes a document; its text leaves the file soon after. False where there was none.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>The extracted text of a document, or null.</summary>
    public string? Content(string id) => throw new NotSupportedException();

    /// <summary>The chunks of a document in order, or null where there is no such document.</summary>
    public Page<StoredChunk>? Chunks(string id, int limit = 100, string? after = null) => throw new NotSupportedException();

    /// <summary>Finds passages.</summary>
    public Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>A job, or null.</summary>
    public IngestJob? FindJob(string id) => throw new NotSupportedException();

    /// <summary>Jobs, newest first.</summary>
    public Page<IngestJob> ListJobs(int limit = 20, string? after = null) => throw new NotSupportedException();

    /// <summary>The job now and after each advance, until it is finished.</summary>
    public IAsyncEnumerable<IngestJob> WatchJobAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Stops a job; what it has finished stays. False where there is none or it is finished.</summary>
    public Task<bool> CancelJobAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Lets running documents stop at their next batch, and closes the file.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
