using System.Threading.Channels;
using Impetus.Retrieval.Indexing.Jobs;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing;

/// <summary>What a watched folder's change came to: a document that was added or unchanged, a number of deleted ones, or a failure.</summary>
public sealed record FolderChange(string Path, AddedDocument? Added, int Deleted, IngestFailure? Failure);

/// <summary>
/// Follows a folder: files that are written are added, files that go are deleted from the library. Waits until the folder has been quiet
/// for a while, so that a file is not read while it is being saved. Dispose it to stop. Thread-safe.
/// </summary>
public sealed class FolderWatch : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _paths = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private readonly FileSystemWatcher _watcher;
    private readonly FolderSource _folder;
    private readonly TimeSpan _quiet;
    private readonly LibraryOptions _options;
    private readonly DocumentIntake _intake;
    private readonly LibraryDatabase _database;
    private readonly Task _loop;

    internal FolderWatch(FolderSource folder, TimeSpan quiet, LibraryOptions options, DocumentIntake intake, LibraryDatabase database)
    {
        (_folder, _quiet, _options, _intake, _database) = (folder, quiet, options, intake, database);
        _watcher = new FileSystemWatcher(folder.Path)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Created += (_, e) => Note(e.FullPath);
        _watcher.Changed += (_, e) => Note(e.FullPath);
        _watcher.Deleted += (_, e) => Note(e.FullPath);
        _watcher.Renamed += (_, e) =>
        {
            Note(e.OldFullPath);
            Note(e.FullPath);
        };
        // More happened than the system could note: look at everything.
        _watcher.Error += (_, _) => Note(folder.Path);
        _watcher.EnableRaisingEvents = true;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Raised, from any thread, for each file that was dealt with.</summary>
    public event Action<FolderChange>? Changed;

    private void Note(string path) => _paths.Writer.TryWrite(path);

    private async Task LoopAsync()
    {
        try
        {
            while (await _paths.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                foreach (string path in await QuietAsync().ConfigureAwait(false))
                    await FollowAsync(path).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>The paths that changed until nothing more did for a while.</summary>
    private async Task<SortedSet<string>> QuietAsync()
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        long start = _options.Clock.GetTimestamp();
        bool isQuiet = false;
        while (!isQuiet && _options.Clock.GetElapsedTime(start) < LongestWait)
        {
            while (_paths.Reader.TryRead(out string? path))
                paths.Add(path);
            await Task.Delay(_quiet, _options.Clock, _stop.Token).ConfigureAwait(false);
            isQuiet = !_paths.Reader.TryPeek(out _);
        }
        return paths;
    }

    private async Task FollowAsync(string path)
    {
        try
        {
            if (File.Exists(path))
                await AddAsync(path).ConfigureAwait(false);
            else if (Directory.Exists(path))
            {
                foreach (string file in FolderScan.Files(_folder).Where(file => file.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
                    await AddAsync(file).ConfigureAwait(false);
            }
            else
                await DeleteAsync(path).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LibraryException or IOException or UnauthorizedAccessException)
        {
            Changed?.Invoke(new FolderChange(path, null, 0, JobFailures.Of(path, e)));
        }
    }

    private async Task AddAsync(string file)
    {
        if (!FolderScan.IsWanted(_folder, file))
            return;
        var document = _intake.Check(await FolderScan.ReadAsync(_folder, file, _options.MaxFileBytes, _stop.Token).ConfigureAwait(false));
        Changed?.Invoke(new FolderChange(file, await _intake.AddAsync(document, null, null, _stop.Token).ConfigureAwait(false), 0, null));
    }

    /// <summary>What is gone was a file, or a folder with files.</summary>
    private async Task DeleteAsync(string path)
    {
        var (collection, deleted) = await _database.Writer.RunAsync(
            session => DocumentTable.DeleteSources(session, _folder.Collection, path, path + Path.DirectorySeparatorChar), _stop.Token)
            .ConfigureAwait(false);
        if (deleted == 0)
            return;
        _intake.ForgetDeleted(collection);
        Changed?.Invoke(new FolderChange(path, null, deleted, null));
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }
}
