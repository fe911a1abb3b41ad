using Impetus.MenuBar.Menu;
using Impetus.Server.Management;

namespace Impetus.MenuBar.App;

/// <summary>
/// The models of the running server, and the way from one to another. The requests of those in memory may finish, their memory is back
/// before the new one is loaded; if that one cannot be loaded, or the way is given up, the one before is loaded again. The newest wish
/// wins. Thread safe; events are raised on any thread.
/// </summary>
internal sealed class ModelController : IDisposable
{
    /// <summary>How long requests may go on when their model goes.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private volatile IHostedServer? _server;
    private volatile CancellationTokenSource? _newest;
    private volatile IReadOnlyList<string> _leaving = [];
    private volatile ModelSwitch? _switch;

    // The model that answered last, to which a way leads back; and whether the first one's fault is still to be told.
    private volatile string? _settled;
    private volatile bool _firstCounts;

    /// <summary>Raised after models, requests or <see cref="Switch"/> have changed.</summary>
    public event Action? Changed;

    /// <summary>Raised when a way is over, before <see cref="Switch"/> says so.</summary>
    public event Action<SwitchOutcome>? Switched;

    /// <summary>The way that is under way; null for none.</summary>
    public ModelSwitch? Switch => _switch;

    /// <summary>Follows a server from now on; null: none runs, or it stops.</summary>
    public void Follow(IHostedServer? next)
    {
        lock (_lock)
        {
            if (_server == next)
                return;
            if (_server is { } last)
                last.Changed -= OnChanged;
            _newest?.Cancel();
            (_server, _settled, _firstCounts) = (next, next?.FirstModel, next is not null);
            if (next is null)
                return;
            next.Changed += OnChanged;
        }

        _ = WatchFirstAsync(next);
    }

    /// <summary>What a model does just now.</summary>
    public ModelActivity Activity(string id)
    {
        if (_server is not { } now)
            return new ModelActivity.Idle();
        if (now.Models.FirstOrDefault(model => model.Id == id) is { } resident)
            return Activity(resident);
        return id != now.FirstModel || !_firstCounts ? new ModelActivity.Idle() : now.FirstModelLoaded switch
        {
            { IsCompleted: false } => new ModelActivity.Loading(0, 0),
            { IsFaulted: true, Exception: var fault } => new ModelActivity.Failed(fault.InnerException!.Message),
            _ => new ModelActivity.Idle(),
        };
    }

    /// <summary>Puts a model in the place of all others that answer, pinned ones excepted.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="anew">Whether it is loaded again if it is in memory already, with what the server grants by now.</param>
    public async Task SwitchAsync(string id, bool anew = false)
    {
        var mine = new CancellationTokenSource();
        lock (_lock)
        {
            _newest?.Cancel();
            _newest = mine;
        }

        await _turn.WaitAsync();
        try
        {
            // Whoever was overtaken while waiting says nothing.
            if (_newest == mine && _server is { } now)
                await SwitchAsync(now, id, anew, mine.Token);
        }
        finally
        {
            _turn.Release();
            Changed?.Invoke();
        }
    }

    /// <summary>Gives the way up. Requests that are finishing finish all the same: their model lets no others in.</summary>
    public void Cancel()
    {
        lock (_lock)
            _newest?.Cancel();
    }

    /// <summary>Waits no longer for the requests of models that leave.</summary>
    public Task HurryAsync() => _server is { } now
        ? Task.WhenAll(_leaving.Select(id => now.UnloadModelAsync(id, TimeSpan.Zero)))
        : Task.CompletedTask;

    /// <summary>Gives a model's memory back, after its requests, or forgets its fault.</summary>
    /// <returns>What became of it; null if no server runs.</returns>
    public async Task<Unloading?> UnloadAsync(string id)
    {
        if (_server is not { } now)
            return null;
        if (id == now.FirstModel)
            _firstCounts = !now.FirstModelLoaded.IsCompleted;
        var outcome = await now.UnloadModelAsync(id, Drain);
        Changed?.Invoke();
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task SwitchAsync(IHostedServer now, string id, bool anew, CancellationToken cancel)
    {
        string? back = _settled == id ? null : _settled;
        bool wasIn = now.Models.Any(model => model.Id == back && model.State is ResidentState.Ready or ResidentState.Loading);
        _leaving = [.. now.Models.Where(model => model.Kind == ModelKind.Chat && !model.Pinned && (anew || model.Id != id)).Select(model => model.Id)];
        _switch = new(id, back);
        _firstCounts = false;
        Changed?.Invoke();
        Unloading[] unloaded = [];
        string? fault = null;
        bool arrived = false;
        try
        {
            unloaded = await Task.WhenAll(_leaving.Select(other => now.UnloadModelAsync(other, Drain)));
            cancel.ThrowIfCancellationRequested();
            await now.LoadModelAsync(id, cancel);
            (_settled, arrived) = (id, true);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
        }
        catch (Exception reason)
        {
            fault = reason.Message;
        }

        _leaving = [];
        // A server that has gone takes its models with it, and the next wish knows where it wants to go.
        bool overtaken = _server != now || _newest?.Token != cancel;
        if (!arrived && !overtaken && wasIn)
            back = await ReturnAsync(now, back!);
        _switch = null;
        if (!overtaken)
            Switched?.Invoke(new(id, arrived, fault, arrived ? null : back, unloaded));
    }

    private static async Task<string?> ReturnAsync(IHostedServer now, string back)
    {
        try
        {
            await now.LoadModelAsync(back, CancellationToken.None);
            return back;
        }
        catch (Exception)
        {
            // Its own state tells why, as any model's does.
            return null;
        }
    }

    private static ModelActivity Activity(ResidentModel model) => model.State switch
    {
        ResidentState.Loading => new ModelActivity.Loading(model.Bytes, model.TotalBytes),
        ResidentState.Ready => new ModelActivity.Ready(),
        ResidentState.Unloading => new ModelActivity.Leaving(model.InFlight),
        ResidentState.Failed => new ModelActivity.Failed(model.Fault ?? ""),
        _ => new ModelActivity.Idle(),
    };

    private async Task WatchFirstAsync(IHostedServer next)
    {
        await next.FirstModelLoaded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (next.FirstModelLoaded.IsFaulted && _settled == next.FirstModel)
            _settled = null;
        if (_server == next)
            OnChanged();
    }

    private void OnChanged() => Changed?.Invoke();
}

/// <summary>How the way to another model ended.</summary>
/// <param name="To">The model that was wanted.</param>
/// <param name="Arrived">Whether it answers.</param>
/// <param name="Fault">Why it could not be loaded; null if it was, or the way was given up.</param>
/// <param name="Back">The model before, where it is the chosen one again; null for none.</param>
/// <param name="Unloaded">What became of those that made way.</param>
internal sealed record SwitchOutcome(string To, bool Arrived, string? Fault, string? Back, IReadOnlyList<Unloading> Unloaded);
