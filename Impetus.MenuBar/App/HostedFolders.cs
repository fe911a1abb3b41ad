using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;

namespace Impetus.MenuBar.App;

/// <summary>The folders that the library of the running server follows. Thread safe. Disposing stops following, before the library closes.</summary>
internal sealed class HostedFolders(Func<Task<DocumentLibrary>> open) : IAsyncDisposable
{
    private const int PageSize = 100;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, FolderWatch> _watches = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Raised for each file that was dealt with, on any thread.</summary>
    public event Action<FolderChange>? Changed;

    /// <inheritdoc cref="IDocumentIngestor.FollowAsync"/>
    public async Task FollowAsync(string folder)
    {
        await _turn.WaitAsync();
        try
        {
            if (_closed || _watches.ContainsKey(folder))
                return;
            var library = await open();
            var source = new FolderSource(folder);
            // From now on nothing is missed; then what was.
            var watch = library.Watch(source);
            watch.Changed += OnChanged;
            _watches[folder] = watch;
            await DeleteGoneAsync(library, source);
            await library.EnqueueAsync(source);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc cref="IDocumentIngestor.UnfollowAsync"/>
    public async Task UnfollowAsync(string folder)
    {
        await _turn.WaitAsync();
        try
        {
            if (_watches.Remove(folder, out var watch))
                await watch.DisposeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _closed = true;
            foreach (var watch in _watches.Values)
                await watch.DisposeAsync();
            _watches.Clear();
        }
        finally
        {
            _turn.Release();
        }
    }

    // The folder itself is there, or it could not be watched: what is missing in it was deleted.
    private static async Task DeleteGoneAsync(DocumentLibrary library, FolderSource folder)
    {
        if (library.ListCollections().All(collection => collection.Name != folder.Collection))
            return;
        string inside = folder.Path + Path.DirectorySeparatorChar;
        var gone = new List<string>();
        string? after = null;
        do
        {
            var page = library.List(folder.Collection, PageSize, after);
            gone.AddRange(page.Items
                .Where(document => document.Source is { } source && source.StartsWith(inside, StringComparison.Ordinal) && !File.Exists(source))
                .Select(document => document.Id));
            after = page.Next;
        }
        while (after is not null);
        foreach (string id in gone)
            await library.DeleteAsync(id);
    }

    private void OnChanged(FolderChange change) => Changed?.Invoke(change);
}
