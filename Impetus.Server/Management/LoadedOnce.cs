namespace Impetus.Server.Management;

/// <summary>Things that are loaded when they are first asked for, once, and kept. A load that fails is tried again. Thread safe.</summary>
internal sealed class LoadedOnce<T> : IAsyncDisposable
    where T : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<T>> _loaded = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>What was loaded under a key, or is now.</summary>
    public Task<T> GetAsync(string key, Func<Task<T>> load)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_loaded.TryGetValue(key, out var known) && !known.IsFaulted && !known.IsCanceled)
                return known;
            return _loaded[key] = Task.Run(load);
        }
    }

    /// <summary>Unloads all.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _disposed = true;
        foreach (var loading in _loaded.Values)
        {
            await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (loading.IsCompletedSuccessfully)
                await loading.Result.DisposeAsync();
        }
    }
}
