using System.Text.Json;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Jobs;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing;

/// <summary>
/// Files that are kept as they were sent, and collections that they are attached to: an attached file becomes a document there, by a durable
/// job. Thread-safe.
/// </summary>
public sealed class LibraryFiles
{
    private const int MaxNameLength = 512;
    private const int MaxPage = 10_000;

    private readonly LibraryDatabase _database;
    private readonly LibraryOptions _options;
    private readonly JobRunner _jobs;
    private readonly DocumentIntake _intake;
    private readonly DocumentPurge _purge;

    internal LibraryFiles(LibraryDatabase database, LibraryOptions options, JobRunner jobs, DocumentIntake intake, DocumentPurge purge) =>
        (_database, _options, _jobs, _intake, _purge) = (database, options, jobs, intake, purge);

    /// <summary>Keeps a file; it is durable when this returns.</summary>
    public async Task<StoredFile> AddAsync(NewFile file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (string.IsNullOrWhiteSpace(file.Name) || file.Name.Length > MaxNameLength)
            throw Invalid($"A file needs a name of 1 to {MaxNameLength} characters.");
        if (file.Bytes.Length > _options.MaxFileBytes)
        {
            throw new LibraryException(LibraryFault.TooLarge, $"{file.Name} has {file.Bytes.Length:N0} bytes; the limit is {_options.MaxFileBytes:N0}.")
            { Code = "too_large" };
        }
        file = file with { Name = FoldedText.WellFormed(file.Name) };
        var now = _options.Clock.GetUtcNow();
        string key = $"file-{Guid.CreateVersion7(now):N}";
        return await _database.Writer.RunAsync(
            session => FileTable.Insert(session, file, key, now.ToUnixTimeMilliseconds()).ToPublic(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A file, or null.</summary>
    public StoredFile? Find(string id) => _database.Read(session => FileTable.Find(session, id)?.ToPublic());

    /// <summary>The bytes of a file, or null where there is none.</summary>
    public byte[]? Content(string id) => _database.Read(session => FileTable.Find(session, id) is { } file ? FileTable.Content(session, file) : null);

    /// <summary>Files by age, of one purpose or of all.</summary>
    public Page<StoredFile> List(string? purpose = null, bool ascending = false, int limit = 20, string? after = null)
    {
        CheckLimit(limit);
        return _database.Read(session =>
        {
            var rows = FileTable.List(session, purpose, ascending, after, limit + 1);
            return new Page<StoredFile>([.. rows.Take(limit).Select(row => row.ToPublic())], rows.Count > limit ? rows[limit - 1].Key : null);
        });
    }

    /// <summary>Deletes a file, and takes it out of all collections that it is attached to. False where there was none.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        if (_database.Read(session => FileTable.Find(session, id)) is not { } file)
            return false;
        Stop(_database.Read(session => AttachmentTable.Unfinished(session, file.Id, null)));
        var collections = await _database.Writer.RunAsync(
            session =>
            {
                var attached = AttachmentTable.CollectionsOf(session, file.Id);
                foreach (var collection in attached)
                    DocumentTable.DeleteSources(session, collection.Name, id, id);
                FileTable.Delete(session, file);
                return attached;
            },
            cancellationToken).ConfigureAwait(false);
        foreach (var collection in collections)
            _intake.ForgetDeleted(collection.Id);
        _purge.Wake();
        return true;
    }

    /// <summary>Attaches files to a collection, all or none, each by a job of its own; returns the batch that they are.</summary>
    /// <param name="collection">A collection that exists.</param>
    /// <param name="files">Ids, each with the metadata that its document gets.</param>
    public async Task<AttachmentBatch> AttachAsync(
        string collection, IReadOnlyList<(string File, JsonElement? Metadata)> files, CancellationToken cancellationToken = default)
    {
        foreach (var (_, metadata) in files)
            JsonText.OfMetadata(metadata);
        var now = _options.Clock.GetUtcNow();
        string batch = PublicKey.New("vsfb", now);
        await _jobs.AddAsync(
            session =>
            {
                var row = Collection(session, collection);
                return [.. files.Select(wanted =>
                {
                    var file = FileTable.Find(session, wanted.File) ?? throw NotFound($"There is no file \"{wanted.File}\".");
                    var document = new NewDocument(file.Name, default)
                    {
                        Collection = collection,
                        Source = file.Key,
                        ContentType = file.ContentType,
                        Metadata = wanted.Metadata,
                    };
                    var job = JobTable.Insert(
                        session, PublicKey.New("job", now), JobKind.Document, collection, DocumentJob.Request(document, file.Key), now.ToUnixTimeMilliseconds());
                    AttachmentTable.Insert(session, row.Id, file.Id, job.Id, batch, now.ToUnixTimeMilliseconds());
                    return job;
                })];
            },
            cancellationToken).ConfigureAwait(false);
        return FindBatch(collection, batch) ?? throw NotFound($"The files were taken out of \"{collection}\" again.");
    }

    /// <summary>A file of a collection, or null.</summary>
    public AttachedFile? FindAttached(string collection, string id) =>
        _database.Read(session => AttachmentTable.Find(session, Collection(session, collection), id));

    /// <summary>Files of a collection by the time of their attachment; of one status, of one batch, or all.</summary>
    public Page<AttachedFile> ListAttached(
        string collection, AttachmentStatus? status = null, string? batch = null, bool ascending = false, int limit = 20, string? after = null)
    {
        CheckLimit(limit);
        return _database.Read(session =>
        {
            var rows = AttachmentTable.List(session, Collection(session, collection), status, batch, ascending, after, limit + 1);
            return new Page<AttachedFile>([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
        });
    }

    /// <summary>How far the files of a collection are.</summary>
    public AttachmentCounts Count(string collection) => _database.Read(session => AttachmentTable.Count(session, Collection(session, collection), null));

    /// <summary>A batch of a collection, or null.</summary>
    public AttachmentBatch? FindBatch(string collection, string batch) => _database.Read(session =>
    {
        var row = Collection(session, collection);
        return AttachmentTable.List(session, row, null, batch, ascending: true, after: null, limit: 1) is [var first]
            ? new AttachmentBatch(batch, first.Created, AttachmentTable.Count(session, row, batch))
            : null;
    });

    /// <summary>Stops what is not finished of a batch.</summary>
    public void CancelBatch(string collection, string batch) =>
        Stop(_database.Read(session => AttachmentTable.UnfinishedOfBatch(session, Collection(session, collection).Id, batch)));

    /// <summary>Replaces the metadata of a file's document. False where there is no such file, or no document of it yet.</summary>
    public Task<bool> DescribeAsync(string collection, string id, JsonElement? metadata, CancellationToken cancellationToken = default)
    {
        string? text = JsonText.OfMetadata(metadata);
        return _database.Writer.RunAsync(
            session => AttachmentTable.Find(session, Collection(session, collection), id) is { DocumentId: { } document }
                && session.Execute("UPDATE documents SET metadata = $2 WHERE key = $1 AND state = 1", document, text) > 0,
            cancellationToken);
    }

    /// <summary>Takes a file out of a collection, and stops its job; the file itself is kept. False where it was not there.</summary>
    public async Task<bool> DetachAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        var (row, found, file) = _database.Read(session =>
        {
            var inside = Collection(session, collection);
            return (inside, AttachmentTable.Find(session, inside, id), FileTable.Find(session, id));
        });
        if (found is null)
            return false;
        if (file is not null)
            Stop(_database.Read(session => AttachmentTable.Unfinished(session, file.Id, row.Id)));
        await _database.Writer.RunAsync(
            session =>
            {
                if (file is not null)
                {
                    AttachmentTable.Delete(session, row.Id, file.Id);
                    DocumentTable.DeleteSources(session, collection, id, id);
                }
                else if (DocumentTable.FindReady(session, id) is { } document)
                {
                    DocumentTable.Delete(session, document);
                }
            },
            cancellationToken).ConfigureAwait(false);
        _intake.ForgetDeleted(row.Id);
        _purge.Wake();
        return true;
    }

    /// <summary>The id under which a document is listed among the files of its collection.</summary>
    public string IdOf(string document) => _database.Read(session => AttachmentTable.KeyOf(session, document));

    private void Stop(List<string> jobs) => jobs.ForEach(job => _jobs.Stop(job));

    private static CollectionRow Collection(SqliteSession session, string name) =>
        CollectionTable.Find(session, name) ?? throw NotFound($"There is no collection \"{name}\".");

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxPage)
            throw Invalid($"limit must be from 1 to {MaxPage:N0}.");
    }

    private static LibraryException NotFound(string message) => new(LibraryFault.NotFound, message);

    private static LibraryException Invalid(string message) => new(LibraryFault.InvalidRequest, message);
}
