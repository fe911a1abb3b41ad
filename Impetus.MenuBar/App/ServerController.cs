using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>
/// The life of the server: stopped, starting, running, stopping, failed. Start, stop and restart take turns, so that two clicks never
/// make two servers. Thread safe; <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class ServerController(IServerHost host, Strings strings) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private CancellationTokenSource? _startCancel;
    private CancellationTokenSource? _hurry;
    private volatile ServerSnapshot _now = ServerSnapshot.Stopped;

    /// <summary>What is the case now.</summary>
    public ServerSnapshot Now => _now;

    /// <summary>Raised after <see cref="Now"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Starts a server unless one runs. Faults become a state with remedies.</summary>
    public async Task StartAsync(ServerSettings settings)
    {
        await _turn.WaitAsync();
        try
        {
            if (Now.Server is null)
                await StartCoreAsync(settings);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the server, or gives up starting it. Running requests may finish, until <see cref="Hurry"/>.</summary>
    /// <returns>Whether every request could finish.</returns>
    public async Task<bool> StopAsync()
    {
        Cancel(ref _startCancel);
        await _turn.WaitAsync();
        try
        {
            return await StopCoreAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Cuts off the requests that a stopping server waits for.</summary>
    public void Hurry() => Cancel(ref _hurry);

    /// <summary>The server that runs when starts and stops under way are over; null if none does.</summary>
    public async Task<IHostedServer?> SettledAsync()
    {
        await _turn.WaitAsync();
        _turn.Release();
        return Now.Server;
    }

    /// <summary>Stops the server and starts another, with new settings. The old one's memory is back before the new one loads.</summary>
    /// <returns>Whether every request of the old server could finish.</returns>
    public async Task<bool> RestartAsync(ServerSettings settings)
    {
        Cancel(ref _startCancel);
        await _turn.WaitAsync();
        try
        {
            bool finished = await StopCoreAsync();
            await StartCoreAsync(settings);
            return finished;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        Cancel(ref _startCancel);
        Hurry();
        await _turn.WaitAsync();
        if (Now.Server is { } server)
            await server.DisposeAsync();
        Set(ServerSnapshot.Stopped);
        _turn.Release();
    }

    private async Task StartCoreAsync(ServerSettings settings)
    {
        using var cancel = new CancellationTokenSource();
        lock (_lock)
            _startCancel = cancel;
        Set(new(new ServerState.Starting(), null));
        try
        {
            var server = await host.StartAsync(settings, cancel.Token);
            Set(new(new ServerState.Running(server.Address), server));
            _ = WatchEndAsync(server);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Set(ServerSnapshot.Stopped);
        }
        catch (Exception fault)
        {
            Set(new(new ServerState.Failed(ServerFaults.OfStart(fault, strings)), null));
        }
        finally
        {
            lock (_lock)
                _startCancel = null;
        }
    }

    private async Task<bool> StopCoreAsync()
    {
        if (Now.Server is not { } server)
        {
            Set(ServerSnapshot.Stopped);
            return true;
        }

        using var hurry = new CancellationTokenSource();
        lock (_lock)
            _hurry = hurry;
        Set(Now with { State = new ServerState.Stopping() });
        ServerState after = new ServerState.Stopped();
        try
        {
            return await server.StopAsync(hurry.Token);
        }
        catch (Exception fault)
        {
            after = new ServerState.Failed(ServerFaults.OfEnd(fault.Message, strings));
            return false;
        }
        finally
        {
            lock (_lock)
                _hurry = null;
            await server.DisposeAsync();
            Set(new(after, null));
        }
    }

    // A server that stops by itself is put away like any other, and said.
    private async Task WatchEndAsync(IHostedServer server)
    {
        await server.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _turn.WaitAsync();
        try
        {
            if (Now.Server != server)
                return;
            await server.DisposeAsync();
            Set(new(new ServerState.Failed(ServerFaults.OfEnd(null, strings)), null));
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Set(ServerSnapshot next)
    {
        lock (_lock)
            _now = next;
        Changed?.Invoke();
    }

    private void Cancel(ref CancellationTokenSource? source)
    {
        lock (_lock)
            source?.Cancel();
    }
}

/// <summary>The server at one moment.</summary>
/// <param name="State">Where it is in its life.</param>
/// <param name="Server">The running server; null while there is none.</param>
internal sealed record ServerSnapshot(ServerState State, IHostedServer? Server)
{
    public static ServerSnapshot Stopped { get; } = new(new ServerState.Stopped(), null);
}
