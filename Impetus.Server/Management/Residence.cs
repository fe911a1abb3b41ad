using Impetus.Engine.Hub;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>
/// One model on its way into memory, in it, and out of it again. Its requests wait for <see cref="Arrived"/>, those that come too late
/// for <see cref="Gone"/>. All other members are read and written under <see cref="Residences.Gate"/>.
/// </summary>
internal sealed class Residence : IDisposable
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly ITimer _expiry;
    private TaskCompletionSource<LoadedModel> _arrived = Awaited();
    private TaskCompletionSource? _idle;

    public Residence(InstalledModel model, TimeProvider time, Action<Residence> expire)
    {
        (Model, _time, LastUsed) = (model, time, time.GetUtcNow());
        _expiry = time.CreateTimer(_ => expire(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public InstalledModel Model { get; }

    public ResidentState State { get; private set; } = ResidentState.Loading;

    public MemoryEstimate Estimate { get; set; } = new();

    /// <summary>Of its stored weights, how many bytes are loaded.</summary>
    public long ReadBytes { get; set; }

    /// <summary>Requests that use it or wait for it.</summary>
    public int InFlight { get; private set; }

    public DateTimeOffset LastUsed { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public KeepAlive KeepAlive { get; set; } = KeepAlive.Usual;

    public bool Pinned { get; set; }

    /// <summary>Whether a request has used it to its end.</summary>
    public bool Proven { get; set; }

    /// <summary>Stands on disk while its first request runs.</summary>
    public IDisposable? FirstStep { get; set; }

    /// <summary>Stops its loading, once <see cref="GivenUp"/> is set.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Whether its loading is to end without a model, even if it can no longer be stopped.</summary>
    public bool GivenUp { get; set; }

    /// <summary>Cuts the wait for its last requests short.</summary>
    public CancellationTokenSource Hurry { get; } = new();

    public LoadedModel? Loaded { get; private set; }

    public Exception? Fault { get; private set; }

    /// <summary>Completes with the model, or with the reason why it does not come.</summary>
    public Task<LoadedModel> Arrived => _arrived.Task;

    /// <summary>Completes when its memory was given back.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Whether nothing holds it back from being unloaded for others.</summary>
    public bool IsIdle => State == ResidentState.Ready && InFlight == 0 && !Pinned;

    /// <summary>Whether its time is over.</summary>
    public bool IsExpired => IsIdle && ExpiresAt <= _time.GetUtcNow();

    /// <summary>Counts a request in.</summary>
    /// <returns>False if it is too late, or it has failed.</returns>
    public bool TryEnter()
    {
        if (GivenUp || State is not (ResidentState.Loading or ResidentState.Ready))
            return false;
        InFlight++;
        (LastUsed, ExpiresAt) = (_time.GetUtcNow(), null);
        return true;
    }

    /// <summary>Counts a request out.</summary>
    public void Leave()
    {
        InFlight--;
        LastUsed = _time.GetUtcNow();
        if (InFlight > 0)
            return;
        _idle?.TrySetResult();
        Rest();
    }

    /// <summary>The model is there.</summary>
    public void Arrive(LoadedModel loaded)
    {
        (Loaded, State) = (loaded, ResidentState.Ready);
        Rest();
        _arrived.SetResult(loaded);
    }

    /// <summary>The model does not come.</summary>
    public void Fail(Exception fault)
    {
        (State, Fault) = (ResidentState.Failed, fault);
        Refuse(fault);
        _gone.SetResult();
    }

    /// <summary>Lets nobody in any more; the task completes when nobody is in.</summary>
    public Task Close()
    {
        State = ResidentState.Unloading;
        ExpiresAt = null;
        _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (InFlight == 0)
            _idle.SetResult();
        return _idle.Task;
    }

    /// <summary>The model was disposed, and nothing here holds it any more. Those who ask for it now are told so.</summary>
    public void Empty()
    {
        (Loaded, _arrived) = (null, Awaited());
        Refuse(ApiException.Unavailable($"{Model.Id} was unloaded just now.", "model_unloaded", retryAfterSeconds: 1));
    }

    /// <summary>Its memory was given back.</summary>
    public void Depart()
    {
        State = ResidentState.Unloaded;
        _gone.SetResult();
    }

    /// <summary>Begins the time after which it is unloaded, if nobody uses it.</summary>
    public void Rest()
    {
        if (State != ResidentState.Ready || InFlight > 0)
            return;
        ExpiresAt = Pinned || KeepAlive.Idle is not { } idle ? null : LastUsed + idle;
        if (ExpiresAt is { } at)
            _expiry.Change(at > _time.GetUtcNow() ? at - _time.GetUtcNow() : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public ResidentModel Snapshot() => new(Model.Id, Model.Kind, State)
    {
        Bytes = Loaded?.WeightBytes ?? ReadBytes,
        TotalBytes = Estimate.StoredBytes,
        InFlight = InFlight,
        LastUsed = LastUsed,
        ExpiresAt = ExpiresAt,
        Pinned = Pinned,
        Backend = Loaded?.Backend ?? "",
        Fault = Fault?.Message,
        FaultCode = (Fault as ApiException)?.Code,
    };

    public void Dispose() => _expiry.Dispose();

    private static TaskCompletionSource<LoadedModel> Awaited() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Refuse(Exception fault)
    {
        _arrived.SetException(fault);
        // Nobody need wait for it: it counts as seen.
        _ = _arrived.Task.Exception;
    }
}
