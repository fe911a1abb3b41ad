using System.Threading.Channels;
using Impetus.Retrieval.Indexing.Storage;
using Microsoft.Extensions.Logging;

namespace Impetus.Retrieval.Indexing;

/// <summary>
/// Takes what was deleted out of the file, off every request's path, in small transactions: terms, vectors, chunks, text. Then the log is
/// folded into the file and cut, so that no copy stays in it.
/// </summary>
internal sealed class DocumentPurge : IAsyncDisposable
{
    private const int ChunksPerCommit = 64;

    private readonly Channel<TaskCompletionSource?> _calls = Channel.CreateUnbounded<TaskCompletionSource?>();
    private readonly CancellationTokenSource _stop = new();
    private readonly LibraryDatabase _database;
    private readonly ILogger _log;
    private readonly Task _loop;

    public DocumentPurge(LibraryDatabase database, ILogger log)
    {
        _database = database;
        _log = log;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Says that there is something to purge.</summary>
    public void Wake() => _calls.Writer.TryWrite(null);

    /// <summary>Purges what is deleted by now and returns when that is done.</summary>
    public Task RunAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_calls.Writer.TryWrite(done))
            done.TrySetCanceled();
        return done.Task;
    }

    private async Task LoopAsync()
    {
        var waiting = new List<TaskCompletionSource>();
        while (await _calls.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_calls.Reader.TryRead(out var call))
            {
                if (call is not null)
                    waiting.Add(call);
            }
            try
            {
                await PurgeAsync(_stop.Token).ConfigureAwait(false);
                waiting.ForEach(call => call.TrySetResult());
            }
            catch (OperationCanceledException)
            {
                waiting.ForEach(call => call.TrySetCanceled());
            }
            catch (Exception e)
            {
                _log.LogError(e, "Deleted documents could not be taken out of the library; this is tried again at the next deletion or start.");
                waiting.ForEach(call => call.TrySetException(e));
            }
            waiting.Clear();
        }
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        foreach (long document in _database.Read(DocumentTable.Purgeable))
            await PurgeAsync(document, cancellationToken).ConfigureAwait(false);
        await _database.Writer.RunOutsideTransactionAsync("PRAGMA wal_checkpoint(TRUNCATE)").ConfigureAwait(false);
    }

    private async Task PurgeAsync(long document, CancellationToken cancellationToken)
    {
        bool isMore = true;
        while (isMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (row, batch) = _database.Read(session => Batch(session, document));
            if (row is null)
                return;
            isMore = await _database.Writer.RunAsync(session => Purge(session, document, batch), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The terms are null where the text that they come from is damaged.</summary>
    private static (DocumentRow? Row, List<(ChunkRow Row, ChunkTerms? Terms)> Batch) Batch(SqliteSession session, long document)
    {
        if (DocumentTable.Find(session, document) is not { } row)
            return (null, []);
        return (row, ChunkTable.OfDocument(session, document, limit: ChunksPerCommit).ConvertAll(chunk => (
            chunk,
            TextTable.TryRead(session, document, chunk.Start, chunk.End) is { } text
                ? ChunkTerms.Of(row.Title, chunk.HeadingPath, text, row.Language)
                : (ChunkTerms?)null)));
    }

    /// <summary>Whether chunks are left.</summary>
    private static bool Purge(SqliteSession session, long document, List<(ChunkRow Row, ChunkTerms? Terms)> batch)
    {
        // The collection may have been dropped, with everything in it, since the batch was read.
        if (DocumentTable.Find(session, document) is not { } row || CollectionTable.Find(session, row.Collection) is not { } collection)
            return false;
        foreach (var (chunk, terms) in batch)
        {
            if (terms is { } known)
                ChunkTable.Delete(session, collection, chunk, known);
            else
                ChunkTable.Delete(session, collection, chunk);
        }
        if (batch.Exists(chunk => chunk.Terms is null))
            TermsRebuild.Run(session, collection);
        if (batch.Count == ChunksPerCommit)
            return true;
        TextTable.Delete(session, document);
        PageTable.Delete(session, document);
        session.Execute("DELETE FROM documents WHERE id = $1", document);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _calls.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }
}
