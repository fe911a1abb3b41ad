using System.Threading.Channels;
using Impetus.Server.Hosting;
using Impetus.Server.Observability;

namespace Impetus.Server.Management;

/// <summary>
/// Notices models that come to the disk, change or go, and tells the feed. A change is looked at when it has been quiet for a moment, for
/// files come one by one; every few minutes everything is looked at, for not every disk tells.
/// </summary>
internal sealed class ModelWatch(
    ServerSettings settings, ModelPlaces places, ModelFolders folders, ModelCatalog catalog, EventFeed feed, ILogger<ModelWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), Growth = TimeSpan.FromSeconds(5), Rescan = TimeSpan.FromMinutes(5);

    private readonly Channel<bool> _stirred = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _watching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);

    /// <summary>Completes when what is there is known, so that whatever comes from then on is told.</summary>
    public Task Watching => _watching.Task;

    /// <summary>Looks at the disk soon.</summary>
    public void Stir() => _stirred.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await WatchAsync(stoppingToken);
        }
        finally
        {
            // Here and not where the service is disposed, which does not wait for a look at the disk to end.
            foreach (var watcher in _watchers.Values)
                watcher.Dispose();
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        settings.Data.Ensure(settings.Data.Models);
        WatchPlaces();
        var known = Look();
        _watching.SetResult();
        var wait = Rescan;
        while (true)
        {
            if (await StirsAsync(wait, stoppingToken))
            {
                while (await StirsAsync(Quiet, stoppingToken))
                {
                    // Files still come.
                }
            }

            WatchPlaces();
            var now = Look();
            // A file that grows is told by nothing but its length.
            wait = Tell(known, now) ? Growth : Rescan;
            known = now;
        }
    }

    private async Task<bool> StirsAsync(TimeSpan wait, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(wait);
        try
        {
            return await _stirred.Reader.ReadAsync(over.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private Dictionary<string, CatalogModel> Look()
    {
        folders.Scan();
        return catalog.All.ToDictionary(model => model.Id, StringComparer.Ordinal);
    }

    /// <summary>Tells what is different; true if anything is.</summary>
    private bool Tell(Dictionary<string, CatalogModel> before, Dictionary<string, CatalogModel> now)
    {
        List<ModelEvent> news = [.. before.Keys.Except(now.Keys).Select(gone => new ModelEvent(gone, "removed"))];
        foreach (var (id, model) in now)
        {
            bool isNew = !before.TryGetValue(id, out var old);
            if (isNew || old!.Version != model.Version || old.Found.Folder != model.Found.Folder)
                news.Add(new(id, isNew ? "found" : "changed", TotalBytes: model.Inspection.WeightBytes, Message: model.Inspection.Fault));
        }

        news.ForEach(feed.Publish);
        return news.Count > 0;
    }

    /// <summary>Watches the places that are there, and lets go of those that are not any more.</summary>
    private void WatchPlaces()
    {
        string[] wanted = [settings.Data.Models, .. places.All.Select(place => place.Path)];
        foreach (string gone in _watchers.Keys.Where(path => !wanted.Contains(path) || !Directory.Exists(path)).ToList())
        {
            _watchers.Remove(gone, out var watcher);
            watcher!.Dispose();
        }

        foreach (string path in wanted.Where(path => !_watchers.ContainsKey(path) && Directory.Exists(path)))
        {
            try
            {
                _watchers[path] = Watch(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
            {
                log.LogWarning("{Path} cannot be watched, and is looked at every few minutes: {Message}", path, fault.Message);
            }
        }
    }

    private FileSystemWatcher Watch(string path)
    {
        var watcher = new FileSystemWatcher(path)
        {
            IncludeSubdirectories = true,
            // Not each write of a download.
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName,
        };
        watcher.Created += (_, _) => Stir();
        watcher.Deleted += (_, _) => Stir();
        watcher.Renamed += (_, _) => Stir();
        watcher.Error += (_, _) => Stir();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }
}
