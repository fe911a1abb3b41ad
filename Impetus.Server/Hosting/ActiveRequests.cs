using Impetus.Server.Http;

namespace Impetus.Server.Hosting;

/// <summary>
/// The requests that a model works on. When the server stops, new ones are refused, running ones have a while to finish, and
/// those that do not are cut off: their streams end with an error event. Thread safe.
/// </summary>
internal sealed class ActiveRequests : IDisposable
{
    private readonly CancellationTokenSource _cutOff = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _count;
    private bool _stopping;

    /// <summary>Raised after <see cref="Count"/> has changed, on the request's thread: be quick.</summary>
    public event Action? Changed;

    public int Count => Volatile.Read(ref _count);

    public bool IsStopping => Volatile.Read(ref _stopping);

    /// <summary>Cancelled when running requests must end.</summary>
    public CancellationToken CutOff => _cutOff.Token;

    /// <summary>Counts a request in, until the result is disposed.</summary>
    /// <exception cref="ApiException">The server is stopping.</exception>
    public IDisposable Enter()
    {
        lock (_lock)
        {
            if (_stopping)
                throw ShuttingDown();
            _count++;
        }

        Changed?.Invoke();
        return new Visit(this);
    }

    /// <summary>Lets running requests finish for so long; true if all of them did.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="hurry">Cuts the wait short.</param>
    public async Task<bool> DrainAsync(TimeSpan timeout, CancellationToken hurry = default)
    {
        lock (_lock)
        {
            _stopping = true;
            if (_count == 0)
                _idle.TrySetResult();
        }

        try
        {
            await _idle.Task.WaitAsync(timeout, hurry);
            return true;
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            await _cutOff.CancelAsync();
            return false;
        }
    }

    public static ApiException ShuttingDown() =>
        ApiException.Unavailable("The server is shutting down.", "shutting_down", retryAfterSeconds: 10);

    public void Dispose() => _cutOff.Dispose();

    private void Leave()
    {
        lock (_lock)
        {
            if (--_count == 0 && _stopping)
                _idle.TrySetResult();
        }

        Changed?.Invoke();
    }

    private sealed class Visit(ActiveRequests requests) : IDisposable
    {
        private ActiveRequests? _requests = requests;

        public void Dispose() => Interlocked.Exchange(ref _requests, null)?.Leave();
    }
}
