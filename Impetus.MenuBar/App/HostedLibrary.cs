using System.Text;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Reading;
using Impetus.Server;

namespace Impetus.MenuBar.App;

/// <summary>
/// The library of the server in this process. Every document is made durable before anything is computed: if the server stops, the work goes
/// on when it runs again. Thread safe.
/// </summary>
internal sealed class HostedLibrary(ImpetusServer server, Task ended, TimeProvider time) : IDocumentIngestor, IAsyncDisposable
{
    private static readonly TimeSpan CountLasts = TimeSpan.FromSeconds(1);

    private readonly HostedFolders _folders = new(server.LibraryAsync);
    private readonly Lock _lock = new();
    private int _documents;
    private long _countedAt;

    /// <inheritdoc/>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public int Documents
    {
        get
        {
            lock (_lock)
            {
                if (_countedAt == 0 || time.GetElapsedTime(_countedAt) >= CountLasts)
                    Count();
                return _documents;
            }
        }
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public event Action<FolderChange>? FolderChanged
    {
        add => _folders.Changed += value;
        remove => _folders.Changed -= value;
    }

    /// <inheritdoc/>
    public Task FollowAsync(string folder) => _folders.FollowAsync(folder);

    /// <inheritdoc/>
    public Task UnfollowAsync(string folder) => _folders.UnfollowAsync(folder);

    /// <summary>Stops following folders; to be called before the server stops.</summary>
    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    /// <summary>Opens it, so that its fault is known before anybody adds to it.</summary>
    public async Task OpenAsync()
    {
        try
        {
            (await server.LibraryAsync()).JobAdvanced += OnJobAdvanced;
            _folders.Changed += _ => Recount();
            Fault = null;
        }
        catch (LibraryException fault)
        {
            Fault = fault.Message;
        }
    }

    /// <inheritdoc/>
    public async Task<Ingested> AddAsync(IngestionItem item, IProgress<(int Done, int Total)>? progress, CancellationToken cancel)
    {
        var library = await server.LibraryAsync();
        var job = item is IngestionItem.FromDisk { Path: var path } && Directory.Exists(path)
            ? await library.EnqueueAsync(new FolderSource(path), cancel)
            : await library.EnqueueAsync(await ReadAsync(item, cancel), cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _ = ended.ContinueWith(_ => Cancel(stop), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var step in library.WatchJobAsync(job.Id, stop.Token))
            {
                job = step;
                progress?.Report((job.DocumentsDone, Math.Max(1, job.DocumentsTotal)));
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Ingested(0, [], Postponed: true);
        }
        catch (OperationCanceledException)
        {
            await library.CancelJobAsync(job.Id, CancellationToken.None);
            throw;
        }

        if (job.State == JobState.Failed)
            throw new IOException(job.Error);
        // A single document is named by the queue; those of a folder are named here.
        var failures = job.Failures.Select(failure => job.Kind == JobKind.Folder ? $"{Path.GetFileName(failure.Source)}: {failure.Message}" : failure.Message).ToList();
        return failures is [var only] && job.Kind == JobKind.Document
            ? throw new IOException(only)
            : new Ingested(job.DocumentsDone - failures.Count, failures, Postponed: false);
    }

    private void OnJobAdvanced(IngestJob job)
    {
        if (job.IsFinished)
            Recount();
    }

    private void Recount()
    {
        lock (_lock)
            _countedAt = 0;
        Changed?.Invoke();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The job was over first.
        }
    }

    private async Task<NewDocument> ReadAsync(IngestionItem item, CancellationToken cancel)
    {
        switch (item)
        {
            case IngestionItem.FromWeb { Address: var address }:
                return await server.FetchAsync(address, cancel);
            case IngestionItem.FromText { Text: var text }:
                return new("text.txt", Encoding.UTF8.GetBytes(text)) { Title = item.Title };
            case IngestionItem.FromDisk { Path: var path }:
                var file = new FileInfo(path);
                if (file.Exists && file.Length > ReadingLimits.Default.FileBytes)
                    throw new IOException($"It has {file.Length >> 20} MB; the limit is {ReadingLimits.Default.FileBytes >> 20} MB. Split it.");
                return new(file.Name, await File.ReadAllBytesAsync(path, cancel)) { Source = path, Modified = file.LastWriteTimeUtc };
            default:
                throw new ArgumentOutOfRangeException(nameof(item));
        }
    }

    private void Count()
    {
        try
        {
            // Of a library that is being opened nothing is known yet, and nobody waits for it.
            if (server.LibraryAsync() is not { IsCompletedSuccessfully: true, Result: var library })
                return;
            _documents = library.ListCollections().Sum(collection => collection.Documents);
            _countedAt = time.GetTimestamp();
        }
        catch (Exception fault) when (fault is LibraryException or ObjectDisposedException)
        {
            // The server is going away; the last count stands.
        }
    }
}
