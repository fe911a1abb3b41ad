using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Reading.Worker;
using Impetus.Server.Hosting;
using Impetus.Server.Observability;

namespace Impetus.Server.Documents;

/// <summary>
/// Opens the library of the data directory when the server starts, so that interrupted jobs go on, and closes it with the server. A library
/// that cannot be opened (locked, damaged) leaves the rest of the server alone: each request for it tries again and is told why. Thread safe.
/// </summary>
internal sealed class LibraryHost(ServerSettings settings, LibraryModels models, LibraryReranker reranker, EventFeed feed, ILogger<LibraryHost> log)
    : BackgroundService, IAsyncDisposable
{
    private readonly ReaderWorker _reader = new(ReaderProgram.Start);
    private readonly Lock _lock = new();
    private Task<DocumentLibrary>? _opening;
    private bool _disposed;

    /// <summary>The library.</summary>
    /// <exception cref="LibraryException">It cannot be opened.</exception>
    public Task<DocumentLibrary> LibraryAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_opening is null or { IsFaulted: true })
                _opening = Task.Run(OpenAsync);
            return _opening;
        }
    }

    /// <summary>Stops its jobs at their next batch, closes the file, and ends the reader's process.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<DocumentLibrary>? opening;
        lock (_lock)
        {
            // The container knows it under two names, and disposes of it twice.
            if (_disposed)
                return;
            _disposed = true;
            opening = _opening;
        }

        if (opening is not null)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully)
                await opening.Result.DisposeAsync();
        }

        await _reader.DisposeAsync();
        Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await LibraryAsync();
        }
        catch (LibraryException fault)
        {
            log.LogError("The library cannot be opened: {Message}", fault.Message);
        }
    }

    private async Task<DocumentLibrary> OpenAsync()
    {
        var library = await DocumentLibrary.OpenAsync(
            new LibraryOptions(settings.Data.Ensure(settings.Data.Library), models, DocumentReading.Through(_reader)) { Log = log, Reranker = reranker });
        library.JobAdvanced += job => feed.Publish(new IngestEvent(
            job.Id, Wire.Name(job.Kind), Wire.Name(job.State), job.Collection, job.DocumentsDone, job.DocumentsTotal, job.ChunksDone, job.ChunksTotal, job.Error));
        return library;
    }
}
