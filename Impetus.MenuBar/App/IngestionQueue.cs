using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>
/// Documents wait here and are added one after the other. The queue can be paused between two of them, and emptied; without a library it
/// waits for one, and pages of the web wait for a network. Thread safe; <see cref="Changed"/> is raised on any thread.
/// </summary>
/// <param name="library">The library of the running server; null while none runs.</param>
/// <param name="access">Opens files and folders.</param>
/// <param name="notifier">Says what was added and what was not.</param>
/// <param name="time">Measures the pace.</param>
internal sealed class IngestionQueue(Func<IDocumentIngestor?> library, IFileAccess access, Notifier notifier, TimeProvider time) : IAsyncDisposable
{
    /// <summary>More items than this do not wait; they are refused.</summary>
    public const int MostWaiting = 10_000;

    private const int MostRecent = 5;

    private readonly Lock _lock = new();
    private readonly LinkedList<IngestionItem> _waiting = new();
    private readonly List<RecentDocument> _recent = [];
    private CancellationTokenSource _cancel = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (int Done, int Total) _item = (0, 1);
    private Task _work = Task.CompletedTask;
    private TimeSpan _spent;
    private bool _working;
    private bool _paused;
    private bool _offline;
    private int _done;
    private int _total;

    /// <summary>Raised after <see cref="State"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Raised when a folder has been added, with its path.</summary>
    public event Action<string>? FolderAdded;

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
                int done = _done + _item.Done, total = _total + _item.Total - 1;
                TimeSpan? left = _done == 0 ? null : _spent / _done * (_total - _done);
                var ingestion = _working ? new IngestionState(Math.Min(done, total), total, left, Holds()) : null;
                var here = library();
                return new(here?.Documents ?? 0, ingestion, [.. _recent]) { Fault = here?.Fault };
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

                _waiting.AddLast(item);
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
    /// <param name="paused">Whether all of them wait.</param>
    /// <param name="offline">Whether pages of the web do.</param>
    public void Pause(bool paused, bool offline = false)
    {
        lock (_lock)
        {
            (_paused, _offline) = (paused, offline);
            Move();
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
            Move();
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
                // What a folder holds counts as so many documents.
                _done += _item.Total;
                _total += _item.Total - 1;
                _item = (0, 1);
                _spent += time.GetElapsedTime(start);
            }

            Changed?.Invoke();
        }

        Changed?.Invoke();
    }

    /// <summary>The next item that can be added; null at the end, which is decided under the lock.</summary>
    private async Task<(IngestionItem Item, CancellationToken Cancel)?> NextAsync()
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    (_working, _done, _total, _spent) = (false, 0, 0, TimeSpan.Zero);
                    return null;
                }

                if (!Holds())
                {
                    var item = _waiting.First(Ready);
                    _waiting.Remove(item);
                    return (item, _cancel.Token);
                }

                moved = _moved.Task;
            }

            await moved;
        }
    }

    private bool Ready(IngestionItem item) => !_offline || item is not IngestionItem.FromWeb;

    private bool Holds() => _paused || library() is null || (_waiting.Count > 0 && !_waiting.Any(Ready));

    private void Move()
    {
        _moved.TrySetResult();
        _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // One document's fault is said, and the next one has its turn.
    private async Task AddAsync(IngestionItem item, CancellationToken cancel)
    {
        string? folder = item is IngestionItem.FromDisk disk && Directory.Exists(disk.Path) ? disk.Path : null;
        bool isNew = folder is not null && !access.Folders.Contains(folder);
        try
        {
            using var open = item is IngestionItem.FromDisk file ? access.Open(file.Path) : null;
            var outcome = await (library() ?? throw new IOException("The server stopped.")).AddAsync(item, new Steps(this), cancel);
            notifier.DocumentsAdded(outcome.Added);
            foreach (string failure in outcome.Failures)
                notifier.DocumentFailed(failure);
            if (item is IngestionItem.FromDisk { Path: var path } && outcome.Added > 0)
                Remember(new(item.Title, path));
            if (isNew && !outcome.Postponed)
                FolderAdded?.Invoke(folder!);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // A folder that the user thought better of is not followed.
            if (isNew)
                access.Forget(folder!);
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

    private void Step((int Done, int Total) item)
    {
        lock (_lock)
            _item = item;
        Changed?.Invoke();
    }

    // Progress<T> would post the steps, and the last one might come after the end.
    private sealed class Steps(IngestionQueue queue) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => queue.Step(value);
    }
}
