using Impetus.MenuBar.Menu;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;

namespace Impetus.MenuBar.App;

/// <summary>
/// The folders that the user has given to the app: they are followed while a server runs, again after a restart, until the user forgets
/// them. Thread safe; <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class WatchedFolders(IFileAccess files, Notifier notifier)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);
    private IDocumentIngestor? _library;

    /// <summary>Raised after <see cref="State"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>All of them, and what is wrong with which.</summary>
    public IReadOnlyList<WatchedFolder> State
    {
        get
        {
            lock (_lock)
                return [.. files.Folders.Select(path => new WatchedFolder(path, _faults.GetValueOrDefault(path)))];
        }
    }

    /// <summary>Follows them in this library from now on; null: no server runs.</summary>
    public Task FollowAsync(IDocumentIngestor? library)
    {
        lock (_lock)
        {
            if (_library == library)
                return Task.CompletedTask;
            if (_library is { } last)
                last.FolderChanged -= OnFolderChanged;
            _library = library;
            _faults.Clear();
            if (library is null)
                return Task.CompletedTask;
            library.FolderChanged += OnFolderChanged;
        }

        return Task.WhenAll(files.Folders.Select(path => FollowAsync(library, path)));
    }

    /// <summary>Follows one that was just added, if it is remembered.</summary>
    public Task FollowAsync(string path) => _library is { } library && files.Folders.Contains(path) ? FollowAsync(library, path) : Task.CompletedTask;

    /// <summary>Follows one no longer, and forgets it; its documents stay.</summary>
    public async Task ForgetAsync(string path)
    {
        if (_library is { } library)
            await library.UnfollowAsync(path);
        files.Forget(path);
        lock (_lock)
            _faults.Remove(path);
        Changed?.Invoke();
    }

    private async Task FollowAsync(IDocumentIngestor library, string path)
    {
        string? fault = null;
        try
        {
            await library.FollowAsync(path);
        }
        catch (Exception reason) when (reason is LibraryException or IOException or ArgumentException or ObjectDisposedException)
        {
            fault = reason.Message;
        }

        lock (_lock)
        {
            if (_library != library)
                return;
            if (fault is null)
                _faults.Remove(path);
            else
                _faults[path] = fault;
        }

        Changed?.Invoke();
    }

    private void OnFolderChanged(FolderChange change)
    {
        if (change.Added is { Outcome: not AddOutcome.Unchanged })
            notifier.DocumentsAdded(1);
        if (change.Failure is { } failure)
            notifier.DocumentFailed($"{Path.GetFileName(change.Path)}: {failure.Message}");
        Changed?.Invoke();
    }
}
