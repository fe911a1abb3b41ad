using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Indexing.Jobs;
using Impetus.Retrieval.Indexing.Storage;
using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Searching.Dense;

namespace Impetus.Retrieval;

/// <summary>
/// Documents in, evidence out: one SQLite file in one folder, opened by one process. All members are thread-safe. What a completed call
/// returned is durable. Faults are <see cref="LibraryException"/>s.
/// </summary>
public sealed class DocumentLibrary : IAsyncDisposable
{
    private const int MaxPage = 1_000;

    private readonly LibraryDatabase _database;
    private readonly LibraryOptions _options;
    private readonly EmbeddingBatchers _embedders;
    private readonly DenseIndexes _indexes;
    private readonly DocumentPurge _purge;
    private readonly DocumentIntake _intake;
    private readonly SearchPriority _searches = new();
    private readonly JobRunner _jobs;

    private DocumentLibrary(LibraryDatabase database, LibraryOptions options)
    {
        _database = database;
        _options = options;
        _embedders = new EmbeddingBatchers(options.Models, _searches);
        _indexes = new DenseIndexes(database);
        _purge = new DocumentPurge(database, options.Log);
        _intake = new DocumentIntake(database, options, _embedders, _indexes, _purge, _searches);
        _jobs = new JobRunner(database, options, WorkAsync, _ => _purge.Wake());
        Files = new LibraryFiles(database, options, _jobs, _intake, _purge);
        Searcher = new Searcher(database, options, _embedders, _indexes);
    }

    /// <summary>Files that are kept as they were sent, and what they are attached to.</summary>
    public LibraryFiles Files { get; }

    internal Searcher Searcher { get; }

    internal LibraryDatabase Database => _database;

    internal string KeyOf(long document) => _database.Read(session => DocumentTable.Find(session, document)!.Key);

    /// <summary>Raised, from any thread, whenever a job advances.</summary>
    public event Action<IngestJob>? JobAdvanced
    {
        add => _jobs.Advanced += value;
        remove => _jobs.Advanced -= value;
    }

    /// <summary>Opens the library, makes it where it does not exist, and resumes its jobs.</summary>
    public static async Task<DocumentLibrary> OpenAsync(LibraryOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var database = await Task.Run(() => LibraryDatabase.Open(options.Folder), cancellationToken).ConfigureAwait(false);
        var library = new DocumentLibrary(database, options);
        try
        {
            await database.Writer.RunAsync(DocumentTable.DeleteAbandoned, cancellationToken).ConfigureAwait(false);
            if (database.Read(DocumentTable.Purgeable).Count > 0)
                library._purge.Wake();
            foreach (var job in database.Read(JobTable.Unfinished))
                library._jobs.Add(job);
            return library;
        }
        catch
        {
            await library.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a collection.</summary>
    public async Task<Collection> CreateCollectionAsync(NewCollection collection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(collection);
        DocumentIntake.CheckCollectionName(collection.Name);
        var chunking = collection.Chunking ?? _options.Chunking;
        try
        {
            chunking.Check();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw Invalid($"{e.ParamName}: {e.Message}");
        }
        string? metadata = JsonText.OfMetadata(collection.Metadata);
        var model = collection.EmbeddingModel is { } id
            ? await _embedders.FindAsync(id, cancellationToken).ConfigureAwait(false)
            : await _embedders.DefaultAsync(cancellationToken).ConfigureAwait(false);
        return await _database.Writer.RunAsync(
            session => CollectionTable.Find(session, collection.Name) is { } existing
                ? throw new LibraryException(
                    LibraryFault.Conflict,
                    existing.Model == model.Id
                        ? $"There is a collection \"{existing.Name}\" already."
                        : $"There is a collection \"{existing.Name}\" already, and it is embedded with {existing.Model}. Reindex it to change that.")
                : CollectionTable.Insert(session, collection.Name, model, chunking, metadata, Now()).ToPublic(),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All collections by name.</summary>
    public IReadOnlyList<Collection> ListCollections() =>
        _database.Read(session => CollectionTable.All(session).ConvertAll(row => row.ToPublic()));

    /// <summary>A collection, or null.</summary>
    public Collection? FindCollection(string name) => _database.Read(session => CollectionTable.Find(session, name)?.ToPublic());

    /// <summary>A collection by its number, or null.</summary>
    public Collection? FindCollection(long number) => _database.Read(session => CollectionTable.Find(session, number)?.ToPublic());

    /// <summary>Renames or describes a collection; null where there is none.</summary>
    public async Task<Collection?> ChangeCollectionAsync(string name, CollectionChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        string newName = change.Name ?? name;
        DocumentIntake.CheckCollectionName(newName);
        string? metadata = JsonText.OfMetadata(change.Metadata);
        // A job knows its collection by name.
        if (newName != name && _jobs.IsBusy(name))
            throw new LibraryException(LibraryFault.Conflict, $"Jobs work on the collection \"{name}\". Rename it when they are done.");
        return await _database.Writer.RunAsync(
            session =>
            {
                if (CollectionTable.Find(session, name) is not { } row)
                    return null;
                if (newName != name && CollectionTable.Find(session, newName) is not null)
                    throw new LibraryException(LibraryFault.Conflict, $"There is a collection \"{newName}\" already.");
                CollectionTable.Describe(session, row.Id, newName, metadata ?? row.Metadata);
                return CollectionTable.Find(session, row.Id)!.ToPublic();
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a collection and all that it holds, and stops its jobs; false where there was none.</summary>
    public async Task<bool> DeleteCollectionAsync(string name, CancellationToken cancellationToken = default)
    {
        _jobs.StopAll(name);
        var deleted = await _database.Writer.RunAsync(
            session =>
            {
                var row = CollectionTable.Find(session, name);
                if (row is not null)
                    CollectionTable.Delete(session, row);
                return row;
            },
            cancellationToken).ConfigureAwait(false);
        if (deleted is null)
            return false;
        _indexes.Forget(deleted.Id);
        _purge.Wake();
        return true;
    }

    /// <summary>Embeds a collection anew, with another model where one is named. The old vectors serve until the new ones are complete.</summary>
    public async Task<IngestJob> ReindexAsync(string collection, string? embeddingModel = null, CancellationToken cancellationToken = default)
    {
        var row = _database.Read(session => CollectionTable.Find(session, collection))
            ?? throw new LibraryException(LibraryFault.NotFound, $"There is no collection \"{collection}\".");
        var model = await _embedders.FindAsync(embeddingModel ?? row.Model, cancellationToken).ConfigureAwait(false);
        return await EnqueueAsync(
            session => JobTable.Unfinished(session).Exists(job => job.Kind == JobKind.Reindex && job.Collection == collection)
                ? throw new LibraryException(LibraryFault.Conflict, $"The collection \"{collection}\" is being embedded anew already.")
                : JobTable.Insert(session, NewJobKey(), JobKind.Reindex, collection, ReindexJob.Request(model.Id), Now()),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds a document and returns when it is durable and can be found.</summary>
    public Task<AddedDocument> AddAsync(NewDocument document, CancellationToken cancellationToken = default) =>
        _intake.AddAsync(_intake.Check(document), null, null, cancellationToken);

    /// <summary>Makes the document's bytes and a job durable and returns at once.</summary>
    public async Task<IngestJob> EnqueueAsync(NewDocument document, CancellationToken cancellationToken = default) =>
        (await EnqueueAsync([document], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Makes the documents' bytes and a job for each durable, all or none, and returns at once.</summary>
    public async Task<IReadOnlyList<IngestJob>> EnqueueAsync(IReadOnlyList<NewDocument> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var wanted = documents.Select(_intake.Check).Select(document => (Document: document, Before: Repeated(document))).ToList();
        var added = await _jobs.AddAsync(
            session => [.. wanted.Where(item => item.Before is null).Select(item => Insert(session, item.Document))], cancellationToken).ConfigureAwait(false);
        int next = 0;
        return [.. wanted.Select(item => item.Before ?? added[next++])];
    }

    /// <summary>Adds what is in a folder, by a durable job.</summary>
    public Task<IngestJob> EnqueueAsync(FolderSource folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Check(folder);
        return EnqueueAsync(
            session => JobTable.Insert(session, NewJobKey(), JobKind.Folder, folder.Collection, FolderJob.Request(folder), Now()), cancellationToken);
    }

    /// <summary>
    /// Follows a folder until the watch is disposed of, which must be before the library is. Add the folder as well: a watch tells of changes
    /// only.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="quiet">How long nothing must have changed before files are read; two seconds by default.</param>
    public FolderWatch Watch(FolderSource folder, TimeSpan? quiet = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Check(folder);
        return new FolderWatch(folder, quiet ?? TimeSpan.FromSeconds(2), _options, _intake, _database);
    }

    /// <summary>A document, or null.</summary>
    public StoredDocument? Get(string id) => _database.Read(session =>
        DocumentTable.FindReady(session, id) is { } row ? DocumentTable.ToPublic(session, row) : null);

    /// <summary>The document that a source of a collection holds now, or null.</summary>
    public StoredDocument? FindSource(string collection, string source) => _database.Read(session =>
        DocumentTable.FindSource(session, collection, source) is { } row ? DocumentTable.ToPublic(session, row) : null);

    /// <summary>Documents, newest first; of one collection or of all.</summary>
    public Page<StoredDocument> List(string? collection = null, int limit = 20, string? after = null)
    {
        CheckLimit(limit);
        return _database.Read(session =>
        {
            var inside = collection is null ? null : CollectionTable.Find(session, collection)
                ?? throw new LibraryException(LibraryFault.NotFound, $"There is no collection \"{collection}\".");
            long before = after is null ? long.MaxValue : session.Number("SELECT id FROM documents WHERE key = $1", after);
            var rows = DocumentTable.List(session, inside?.Id, before, limit + 1);
            return new Page<StoredDocument>(
                [.. rows.Take(limit).Select(row => DocumentTable.ToPublic(session, row))], rows.Count > limit ? rows[limit - 1].Key : null);
        });
    }

    /// <summary>Deletes a document; its text leaves the file soon after. False where there was none.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var deleted = await _database.Writer.RunAsync(
            session =>
            {
                var row = DocumentTable.FindReady(session, id);
                if (row is not null)
                    DocumentTable.Delete(session, row);
                return row;
            },
            cancellationToken).ConfigureAwait(false);
        if (deleted is null)
            return false;
        _indexes.Removed(deleted.Collection, deleted.Id);
        _purge.Wake();
        return true;
    }

    /// <summary>The extracted text of a document, or null.</summary>
    public string? Content(string id) => _database.Read(session =>
        DocumentTable.FindReady(session, id) is { } row ? TextTable.ReadAll(session, row.Id) : null);

    /// <summary>The chunks of a document in order, or null where there is no such document.</summary>
    public Page<StoredChunk>? Chunks(string id, int limit = 100, string? after = null)
    {
        CheckLimit(limit);
        int last = after is null ? -1 : int.TryParse(after, out int ordinal) ? ordinal : throw Invalid("after is not a chunk's number.");
        return _database.Read(session =>
        {
            if (DocumentTable.FindReady(session, id) is not { } document)
                return null;
            var rows = ChunkTable.OfDocument(session, document.Id, last, limit + 1);
            var chunks = rows.Take(limit).Select(row => new StoredChunk(
                id, row.Ordinal, TextTable.Read(session, document.Id, row.Start, row.End), row.FirstCodePoint, row.EndCodePoint, row.FirstPage,
                row.LastPage, row.HeadingPath, row.Tokens));
            return new Page<StoredChunk>([.. chunks], rows.Count > limit ? $"{rows[limit - 1].Ordinal}" : null);
        });
    }

    /// <summary>Finds passages.</summary>
    public async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        _searches.Searched();
        try
        {
            return await Searcher.SearchAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A slow one still counts when the next may follow.
            _searches.Searched();
        }
    }

    /// <summary>A job, or null.</summary>
    public IngestJob? FindJob(string id) => _jobs.Find(id) ?? _database.Read(session => JobTable.Find(session, id)?.ToPublic());

    /// <summary>Jobs, newest first.</summary>
    public Page<IngestJob> ListJobs(int limit = 20, string? after = null)
    {
        CheckLimit(limit);
        return _database.Read(session =>
        {
            long before = after is null ? long.MaxValue : JobTable.Find(session, after)?.Id ?? 0;
            var rows = JobTable.List(session, before, limit + 1);
            return new Page<IngestJob>(
                [.. rows.Take(limit).Select(row => _jobs.Find(row.Key) ?? row.ToPublic())], rows.Count > limit ? rows[limit - 1].Key : null);
        });
    }

    /// <summary>The job now and after each advance, until it is finished. A slow reader misses steps, never the end.</summary>
    public async IAsyncEnumerable<IngestJob> WatchJobAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var steps = Channel.CreateBounded<IngestJob>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
        void Note(IngestJob job)
        {
            if (job.Id == id)
                steps.Writer.TryWrite(job);
        }

        JobAdvanced += Note;
        try
        {
            var now = FindJob(id);
            while (now is not null)
            {
                yield return now;
                if (now.IsFinished)
                    yield break;
                now = await steps.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            JobAdvanced -= Note;
        }
    }

    /// <summary>Stops a job; what it has finished stays. False where there is none or it is finished.</summary>
    public Task<bool> CancelJobAsync(string id, CancellationToken cancellationToken = default) =>
        Task.Run(() => _jobs.Stop(id), cancellationToken);

    /// <summary>Returns when all that was deleted so far is out of the file.</summary>
    public Task PurgeAsync(CancellationToken cancellationToken = default) => _purge.RunAsync().WaitAsync(cancellationToken);

    /// <summary>Checks every page, index and row of the file; the faults found, or none.</summary>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => IntegrityCheck.Run(_database), cancellationToken);

    /// <summary>Lets running documents stop at their next batch, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync().ConfigureAwait(false);
        await _purge.DisposeAsync().ConfigureAwait(false);
        await _embedders.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        _intake.Dispose();
        _searches.Dispose();
    }

    private Task WorkAsync(LiveJob job, CancellationToken cancellationToken) => job.Row.Kind switch
    {
        JobKind.Document => new DocumentJob(_database, _intake).RunAsync(job, cancellationToken),
        JobKind.Folder => new FolderJob(_intake, _options).RunAsync(job, cancellationToken),
        _ => new ReindexJob(_database, _embedders, _indexes).RunAsync(job, cancellationToken),
    };

    private async Task<IngestJob> EnqueueAsync(Func<SqliteSession, JobRow> insert, CancellationToken cancellationToken) =>
        (await _jobs.AddAsync(session => [insert(session)], cancellationToken).ConfigureAwait(false))[0];

    private JobRow Insert(SqliteSession session, NewDocument document)
    {
        var job = JobTable.Insert(session, NewJobKey(), JobKind.Document, document.Collection, DocumentJob.Request(document), Now());
        JobTable.InsertPayload(session, job.Id, document.Bytes);
        if (document.IdempotencyKey is { } key)
            IdempotencyTable.Insert(session, key, DocumentIntake.RequestHash(document), null, job.Key, Now());
        return job;
    }

    /// <summary>The job of an earlier request with the same key and content.</summary>
    private IngestJob? Repeated(NewDocument document) => document.IdempotencyKey is { } key
        && _database.Read(session => IdempotencyTable.Find(session, key, DocumentIntake.RequestHash(document), Now())) is (_, string job)
            ? FindJob(job)
            : null;

    private string NewJobKey() => PublicKey.New("job", _options.Clock.GetUtcNow());

    private long Now() => _options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static void Check(FolderSource folder)
    {
        DocumentIntake.CheckCollectionName(folder.Collection);
        if (!Path.IsPathFullyQualified(folder.Path) || !Directory.Exists(folder.Path))
            throw new LibraryException(LibraryFault.NotFound, $"There is no folder {folder.Path}. Give its full path.");
    }

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxPage)
            throw Invalid($"limit must be from 1 to {MaxPage:N0}.");
    }

    private static LibraryException Invalid(string message) => new(LibraryFault.InvalidRequest, message);
}
