using System.Security.Cryptography;
using System.Text;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Storage;
using Impetus.Retrieval.Searching.Dense;

namespace Impetus.Retrieval.Indexing;

/// <summary>The door of the library: checks what comes, finds or makes its collection, lets a few in at once, and tells the indexes.</summary>
internal sealed class DocumentIntake(
    LibraryDatabase database, LibraryOptions options, EmbeddingBatchers embedders, DenseIndexes indexes, DocumentPurge purge,
    SearchPriority searches) : IDisposable
{
    private const int MaxNameLength = 512;
    private const int MaxSourceLength = 4_096;
    private const int MaxCollectionNameLength = 128;
    private const int MaxAttempts = 5;

    private readonly DocumentIngest _ingest = new(database, options, embedders, searches);
    private readonly SemaphoreSlim _slots = new(options.Concurrency);

    /// <summary>Throws where a document is over a limit; returns it with names that every part can hold.</summary>
    public NewDocument Check(NewDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (string.IsNullOrWhiteSpace(document.Name) || document.Name.Length > MaxNameLength)
            throw Invalid($"A document needs a name of 1 to {MaxNameLength} characters.");
        if (document.Source?.Length > MaxSourceLength)
            throw Invalid($"A source may have at most {MaxSourceLength:N0} characters.");
        if (document.IdempotencyKey is { Length: 0 or > 255 })
            throw Invalid("An Idempotency-Key has 1 to 255 characters.");
        if (document.Bytes.Length > options.MaxFileBytes)
        {
            throw new LibraryException(
                LibraryFault.TooLarge, $"{document.Name} has {document.Bytes.Length:N0} bytes; the limit is {options.MaxFileBytes:N0}.")
            { Code = "too_large" };
        }
        CheckCollectionName(document.Collection);
        JsonText.OfMetadata(document.Metadata);
        return document with
        {
            Name = FoldedText.WellFormed(document.Name),
            Source = document.Source is { Length: > 0 } source ? FoldedText.WellFormed(source) : null,
        };
    }

    public static void CheckCollectionName(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxCollectionNameLength || name.Any(char.IsControl) || name.Trim() != name
            || FoldedText.WellFormed(name) != name)
            throw Invalid($"A collection's name has 1 to {MaxCollectionNameLength} characters, no control characters, and no white space at its ends.");
    }

    /// <summary>The collection, made with the default model where it does not exist.</summary>
    public async Task<CollectionRow> CollectionAsync(string name, CancellationToken cancellationToken)
    {
        if (database.Read(session => CollectionTable.Find(session, name)) is { } row)
            return row;
        var model = await embedders.DefaultAsync(cancellationToken).ConfigureAwait(false);
        return await database.Writer.RunAsync(
            session => CollectionTable.Find(session, name) ?? CollectionTable.Insert(session, name, model, options.Chunking, null, Now()),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds a checked document; it can be found when this returns.</summary>
    public async Task<AddedDocument> AddAsync(NewDocument document, long? job, IIngestObserver? observer, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                var collection = await CollectionAsync(document.Collection, cancellationToken).ConfigureAwait(false);
                try
                {
                    return await AddAsync(document, collection, job, observer, cancellationToken).ConfigureAwait(false);
                }
                catch (CollectionChangedException e)
                {
                    if (attempt == MaxAttempts)
                        throw new LibraryException(LibraryFault.Conflict, $"The collection \"{document.Collection}\" keeps changing. Try again later.", e);
                }
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<AddedDocument> AddAsync(
        NewDocument document, CollectionRow collection, long? job, IIngestObserver? observer, CancellationToken cancellationToken)
    {
        byte[]? request = document.IdempotencyKey is null ? null : RequestHash(document);
        if (request is not null && Repeated(document.IdempotencyKey!, request) is { } before)
            return before;
        var result = await _ingest.AddAsync(
            document,
            collection,
            job,
            observer,
            request is null
                ? null
                : (session, added) => IdempotencyTable.Insert(session, document.IdempotencyKey!, request, added.Document.Id, null, Now()),
            cancellationToken).ConfigureAwait(false);
        if (result.Added.Outcome != AddOutcome.Unchanged)
            indexes.Added(collection, result.Row);
        ForgetDeleted(collection.Id);
        return result.Added;
    }

    /// <summary>Takes documents that were just deleted or replaced out of memory at once and out of the file soon.</summary>
    public void ForgetDeleted(long collection)
    {
        var deleted = database.Read(DocumentTable.Purgeable);
        if (deleted.Count == 0)
            return;
        foreach (long document in deleted)
            indexes.Removed(collection, document);
        purge.Wake();
    }

    /// <summary>The answer to an earlier request with this key.</summary>
    private AddedDocument? Repeated(string key, byte[] request) => database.Read(session =>
        IdempotencyTable.Find(session, key, request, Now()) is (string id, _) && DocumentTable.FindReady(session, id) is { } row
            ? new AddedDocument(DocumentTable.ToPublic(session, row), AddOutcome.Unchanged)
            : null);

    /// <summary>What makes two requests the same.</summary>
    public static byte[] RequestHash(NewDocument document)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? part in (string?[])[document.Collection, document.Name, document.Source, document.Title, JsonText.OfMetadata(document.Metadata)])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part ?? ""));
            hash.AppendData([0xFF]);
        }
        hash.AppendData(document.Bytes.Span);
        return hash.GetHashAndReset();
    }

    private long Now() => options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static LibraryException Invalid(string message) => new(LibraryFault.InvalidRequest, message);

    public void Dispose() => _slots.Dispose();
}
