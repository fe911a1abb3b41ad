using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>Puts documents into the library.</summary>
internal interface IDocumentIngestor
{
    /// <summary>How many documents are searchable.</summary>
    int Documents { get; }

    /// <summary>Adds one item; when the task completes it can be found. A fault's message is shown to the user.</summary>
    Task AddAsync(IngestionItem item, CancellationToken cancel);
}

/// <summary>Opens what the user gave to a sandboxed app.</summary>
internal interface IFileAccess
{
    /// <summary>Keeps a file or folder readable until the result is disposed.</summary>
    IDisposable Open(string path);
}

/// <summary>
/// Documents wait here and are added one after the other. The queue can be paused between two of them, and emptied. Thread safe;
/// <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class IngestionQueue(IDocumentIngestor ingestor, IFileAccess access, Notifier notifier, TimeProvider time) : IAsyncDisposable
{
    /// <summary>More items than this do not wait; they are refused.</summary>
    public const int MostWaiting = 10_000;

    private const int MostRecent = 5;

    private readonly Lock _lock = new();
    private readonly Queue<IngestionItem> _waiting = new();
    private readonly List<RecentDocument> _recent = [];
    private CancellationTokenSource _cancel = new();
    private TaskCompletionSource? _paused;
    private Task _work = Task.CompletedTask;
    private TimeSpan _spent;
    private bool _working;
    private int _done;
    private int _total;

    /// <summary>Raised after <see cref="State"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Completes when nothing waits.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
                return _work;
        }
    }

    /// <summary>The library and what is on its way there.</summary>
    public LibraryState State
    {
        get
        {
            lock (_lock)
            {
                // The rest takes as long, document for document, as what is over.
                TimeSpan? left = _done == 0 ? null : _spent / _done * (_total - _done);
                var ingestion = _working ? new IngestionState(_done, _total, left, _paused is not null) : null;
                return new(ingestor.Documents, ingestion, [.. _recent]);
            }
        }
    }

    /// <summary>Takes what can be read, and says at once what cannot.</summary>
    /// <returns>A sentence for each item that is refused.</returns>
    public IReadOnlyList<string> Add(IEnumerable<IngestionItem> items)
    {
        var refusals = new List<string>();
        lock (_lock)
        {
            foreach (var item in items)
            {
                string? refusal = DropCheck.Refusal(item)
                    ?? (_waiting.Count >= MostWaiting ? $"{item.Title}: {MostWaiting} documents wait already. Add it when they are done." : null);
                if (refusal is not null)
                {
                    refusals.Add(refusal);
                    continue;
                }

                _waiting.Enqueue(item);
                _total++;
            }

            if (_waiting.Count > 0 && !_working)
            {
                _working = true;
                _work = Task.Run(WorkAsync);
            }
        }

        Changed?.Invoke();
        return refusals;
    }

    /// <summary>Lets documents wait, or go on. The one at work is finished.</summary>
    public void Pause(bool paused)
    {
        lock (_lock)
        {
            if (paused == _paused is not null)
                return;
            if (paused)
            {
                _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                _paused!.SetResult();
                _paused = null;
            }
        }

        Changed?.Invoke();
    }

    /// <summary>Gives up the document at work and all that wait. What is added stays.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _waiting.Clear();
            _cancel.Cancel();
            _cancel = new();
        }

        Changed?.Invoke();
    }

    /// <summary>Gives up what waits, and ends when the document at work has let go.</summary>
    public async ValueTask DisposeAsync()
    {
        Cancel();
        await Idle;
        _cancel.Dispose();
    }

    private async Task WorkAsync()
    {
        while (await NextAsync() is var (item, cancel))
        {
            long start = time.GetTimestamp();
            await AddAsync(item, cancel);
            lock (_lock)
            {
                _done++;
                _spent += time.GetElapsedTime(start);
            }

            Changed?.Invoke();
        }

        Changed?.Invoke();
    }

    /// <summary>The next item, once the queue is not paused; null at the end, which is decided under the lock.</summary>
    private async Task<(IngestionItem Item, CancellationToken Cancel)?> NextAsync()
    {
        while (true)
        {
            Task pause;
            CancellationToken cancel;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    (_working, _done, _total, _spent) = (false, 0, 0, TimeSpan.Zero);
                    return null;
                }

                cancel = _cancel.Token;
                if (_paused is null)
                    return (_waiting.Dequeue(), cancel);
                pause = _paused.Task;
            }

            await pause.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One document's fault is said, and the next one has its turn.
    private async Task AddAsync(IngestionItem item, CancellationToken cancel)
    {
        try
        {
            using var open = item is IngestionItem.FromDisk file ? access.Open(file.Path) : null;
            await ingestor.AddAsync(item, cancel);
            notifier.DocumentAdded();
            if (item is IngestionItem.FromDisk { Path: var path })
                Remember(new(item.Title, path));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            notifier.DocumentFailed($"{item.Title}: {fault.Message}");
        }
    }

    private void Remember(RecentDocument document)
    {
        lock (_lock)
        {
            _recent.RemoveAll(other => other.Path == document.Path);
            _recent.Insert(0, document);
            if (_recent.Count > MostRecent)
                _recent.RemoveAt(MostRecent);
        }
    }
}
