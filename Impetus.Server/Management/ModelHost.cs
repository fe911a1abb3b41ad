using System.Diagnostics;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Management;

/// <summary>
/// Owns the models in memory. Naming one that is installed loads it; several stay side by side, each for its time; the one that was
/// used least recently makes room. The chat model of the settings is loaded while the server already answers. Thread safe.
/// </summary>
/// <remarks>
/// Requests hold a lease on their model. Loads take turns, each with the eviction that it needs, so that two never count on the same room.
/// </remarks>
public sealed class ModelHost : BackgroundService, IMemoryOwner, IAsyncDisposable
{
    // A model is of use when a short conversation fits beside it.
    private const int LeastContext = 1024, LeastChunk = 256;

    private static readonly TimeSpan WriteErrors = TimeSpan.FromSeconds(5);

    private readonly IModelLoader _loader;
    private readonly MemoryGuard _memory;
    private readonly ModelNames _names;
    private readonly CrashMarkers _crashes;
    private readonly ModelDefaults _defaults;
    private readonly FaultPolicy _faults;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelHost> _log;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, Residence> _residences = new(StringComparer.Ordinal);
    private volatile ServerSettings _settings;
    private bool _stopped;

    /// <summary>Waits to be started by the host.</summary>
    public ModelHost(
        ServerSettings settings, IModelLoader loader, MemoryGuard memory, CrashMarkers crashes, ModelDefaults defaults, FaultPolicy faults, TimeProvider time,
        ILogger<ModelHost> log)
    {
        (_settings, _loader, _memory, _crashes, _defaults, _faults, _time, _log) = (settings, loader, memory, crashes, defaults, faults, time, log);
        _names = new ModelNames(loader);
        _memory.Guard(this);
    }

    /// <summary>A model came into memory, went out of it, or is a percent further on its way. Raised on any thread, at times the engine's: be quick.</summary>
    public event Action<ResidentModel>? Changed;

    /// <summary>The chat models that can answer now.</summary>
    public IReadOnlyList<IChatModel> Models
    {
        get
        {
            lock (_lock)
                return [.. _residences.Values.Select(residence => residence.Loaded?.Model).OfType<IChatModel>()];
        }
    }

    /// <summary>All models that are in memory, on their way there, or failed on it.</summary>
    public IReadOnlyList<ResidentModel> Resident
    {
        get
        {
            lock (_lock)
                return [.. _residences.Values.Select(residence => residence.Snapshot()).OrderBy(model => model.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Completes when the chat model of the settings can answer; fails with <see cref="ModelLoadException"/>.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Why the chat model of the settings was not loaded at the start, if a crash is the reason.</summary>
    public CrashReport? HeldBack { get; private set; }

    /// <summary>The use of a model by a request; the model is loaded first if it must.</summary>
    /// <typeparam name="T">What models of the kind are.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="kind">What it must be for.</param>
    /// <param name="keepAlive">How long it stays after the request; null: its own default.</param>
    /// <param name="cancel">Gives the wait up. A load that nobody waits for any more is cancelled.</param>
    /// <exception cref="ApiException">It is not here (404), is of another kind or will never fit (400), cannot be loaded (500), or not now (503).</exception>
    public async Task<ModelLease<T>> LeaseAsync<T>(string id, ModelKind kind, KeepAlive? keepAlive = null, CancellationToken cancel = default)
        where T : class
    {
        var residence = await EnterAsync(id, kind, keepAlive, null, cancel);
        try
        {
            var loaded = await residence.Arrived.WaitAsync(cancel);
            MarkFirstRequest(residence);
            return new((T)loaded.Model, () => Leave(residence, hasWorked: true));
        }
        catch
        {
            Leave(residence, hasWorked: false);
            throw;
        }
    }

    /// <summary>Loads a model, if it must, without using it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="keepAlive">How long it stays; null: its own default.</param>
    /// <param name="pinned">Whether it stays until it is unloaded by name; null: as it was.</param>
    /// <param name="cancel">Gives the wait up. A load that nobody waits for any more is cancelled.</param>
    /// <exception cref="ApiException">As for <see cref="LeaseAsync"/>.</exception>
    public async Task<ResidentModel> LoadAsync(string id, KeepAlive? keepAlive = null, bool? pinned = null, CancellationToken cancel = default)
    {
        _faults.Forget(id);
        var residence = await EnterAsync(id, null, keepAlive, pinned, cancel);
        try
        {
            await residence.Arrived.WaitAsync(cancel);
        }
        finally
        {
            Leave(residence, hasWorked: false);
        }

        lock (_lock)
            return residence.Snapshot();
    }

    /// <summary>Unloads a model, or stops its loading. It goes on when the caller leaves.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="drain">How long its requests may go on; then they end with an error.</param>
    /// <exception cref="ApiException">It is not here (404).</exception>
    public Task<Unloading> UnloadAsync(string id, TimeSpan drain)
    {
        Residence? residence;
        lock (_lock)
            residence = _residences.GetValueOrDefault(id);
        return residence is null ? Task.FromResult(new Unloading(_names.Find(id, null).Id, UnloadEnd.NotLoaded)) : StopAsync(residence, drain);
    }

    /// <summary>
    /// Puts a model in the place of the other chat models, pinned ones excepted. Where there is room, it is loaded first, and nothing changes
    /// if it cannot be.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="drain">How long the others' requests may go on; then they end with an error.</param>
    /// <param name="cancel">Gives the wait for the load up.</param>
    /// <returns>What became of the others.</returns>
    /// <exception cref="ApiException">As for <see cref="LeaseAsync"/>.</exception>
    public async Task<IReadOnlyList<Unloading>> SwitchAsync(string id, TimeSpan drain, CancellationToken cancel = default)
    {
        var model = _names.Find(id, ModelKind.Chat);
        bool fitsBeside = Needed(await _loader.EstimateAsync(model)) <= _memory.Budget.FreeBytes;
        if (fitsBeside)
            await LoadAsync(id, cancel: cancel);
        List<string> others;
        lock (_lock)
            others = [.. _residences.Values.Where(other => other.Model.Kind == ModelKind.Chat && other.Model.Id != id && !other.Pinned).Select(other => other.Model.Id)];
        var outcomes = await Task.WhenAll(others.Select(other => UnloadAsync(other, drain)));
        if (!fitsBeside)
            await LoadAsync(id, cancel: cancel);
        return outcomes;
    }

    /// <summary>Takes over how long models stay, for requests from now on, and what their caches may take, for models that are loaded from now on.</summary>
    /// <param name="settings">Of which <see cref="ServerSettings.KeepAlive"/> and <see cref="ServerSettings.CacheBytes"/> count.</param>
    public void Revise(ServerSettings settings) => _settings = _settings with { KeepAlive = settings.KeepAlive, CacheBytes = settings.CacheBytes };

    /// <summary>Makes sure that a prompt's memory can be had before it is computed; cached prefixes and idle models make room.</summary>
    /// <param name="id">The model, which the caller uses.</param>
    /// <param name="tokens">Of the prompt and of what is written at once.</param>
    /// <param name="sequences">How many answers there are.</param>
    /// <returns>To be disposed when the prompt is computed.</returns>
    /// <exception cref="ApiException">It will never fit (400), or not now (503); both numbers are told.</exception>
    public async Task<IDisposable> AdmitAsync(string id, int tokens, int sequences)
    {
        Residence? residence;
        lock (_lock)
            residence = _residences.GetValueOrDefault(id);
        if (residence is null)
            return _memory.Budget.Promise(0);
        var estimate = residence.Estimate;
        long needed = estimate.CacheBytes(tokens, sequences) + estimate.StepBytes(Math.Min(tokens, LeastChunk), sequences, tokens);
        return await _memory.AdmitAsync(
            $"A request of {tokens} tokens", needed, _memory.Budget.MostFreeBytes - estimate.LoadBytes, "Shorten the prompt, or ask for fewer answers.");
    }

    /// <inheritdoc/>
    async Task IMemoryOwner.TrimAsync()
    {
        foreach (var model in Models)
            await model.TrimPrefixesAsync();
        await _loader.TrimAsync();
    }

    /// <inheritdoc/>
    async Task<bool> IMemoryOwner.UnloadOldestAsync()
    {
        Task<Unloading> unloading;
        lock (_lock)
        {
            if (_residences.Values.Where(residence => residence.IsIdle).MinBy(residence => residence.LastUsed) is not { } oldest)
                return false;
            unloading = Unload(oldest, TimeSpan.Zero);
        }

        await unloading;
        return true;
    }

    /// <summary>Ends all requests and gives all memory back.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Residence> residences;
        lock (_lock)
        {
            if (_stopped)
                return;
            _stopped = true;
            residences = [.. _residences.Values];
        }

        _memory.Guard(null);
        await Task.WhenAll(residences.Select(residence => StopAsync(residence, TimeSpan.Zero)));
        residences.ForEach(residence => residence.Dispose());
        Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var report in _crashes.Found)
            _log.LogWarning("{Message}", report.Message);
        try
        {
            var first = _names.First = _loader.Resolve(_settings.Model);
            HeldBack = _crashes.Found.FirstOrDefault(report => report.Model == first.Id);
            if (HeldBack is { } crash)
                throw new ModelLoadException(crash.Message);
            await LoadFirstAsync(first.Id, stoppingToken);
            _loaded.SetResult();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _loaded.SetCanceled(stoppingToken);
        }
        catch (Exception fault)
        {
            if (HeldBack is null)
                _log.LogError(fault, "Model {Model} cannot be loaded", _settings.Model);
            _loaded.SetException(fault as ModelLoadException ?? new ModelLoadException(fault.Message, fault));
        }
    }

    private async Task LoadFirstAsync(string id, CancellationToken cancel)
    {
        var residence = await EnterAsync(id, ModelKind.Chat, null, null, cancel);
        try
        {
            await residence.Arrived.WaitAsync(cancel);
        }
        finally
        {
            Leave(residence, hasWorked: false);
        }
    }

    private async Task<Residence> EnterAsync(string id, ModelKind? kind, KeepAlive? keepAlive, bool? pinned, CancellationToken cancel)
    {
        InstalledModel? installed = null;
        while (true)
        {
            Residence? residence;
            bool begins = false;
            lock (_lock)
            {
                if (_stopped)
                    throw ActiveRequests.ShuttingDown();
                residence = _residences.GetValueOrDefault(id);
                if (residence is null or { State: ResidentState.Failed })
                {
                    if (_faults.WhyFailed(id) is { } why)
                        throw Failed(why);
                    begins = installed is not null;
                    residence = installed is null ? null : _residences[id] = new Residence(installed, _time, Expire);
                }

                if (residence is not null)
                    _names.Require(residence.Model, kind);
                if (residence?.TryEnter() == true)
                {
                    var own = _defaults.Of(id);
                    residence.KeepAlive = keepAlive ?? own.KeepAlive ?? _settings.KeepAlive;
                    residence.Pinned = pinned ?? own.Pinned;
                    if (begins)
                        _ = Task.Run(() => BringAsync(residence), CancellationToken.None);
                    return residence;
                }
            }

            if (residence is null)
                installed = _names.Find(id, kind);
            else
                await residence.Gone.WaitAsync(cancel);
        }
    }

    private void Leave(Residence residence, bool hasWorked)
    {
        IDisposable? mark = null;
        bool unwanted;
        lock (_lock)
        {
            residence.Leave();
            if (hasWorked)
            {
                residence.Proven = true;
                (mark, residence.FirstStep) = (residence.FirstStep, null);
            }

            unwanted = residence is { State: ResidentState.Loading, InFlight: 0 };
            residence.GivenUp |= unwanted;
        }

        mark?.Dispose();
        if (unwanted)
            residence.Cancellation.Cancel();
    }

    private void MarkFirstRequest(Residence residence)
    {
        lock (_lock)
        {
            if (residence.Proven || residence.FirstStep is not null)
                return;
            residence.FirstStep = _crashes.Mark(residence.Model.Id, CrashPhase.FirstRequest, _time.GetUtcNow());
        }
    }

    // Loads a model, in its turn.
    private async Task BringAsync(Residence residence)
    {
        var model = residence.Model;
        Tell(residence);
        long start = Stopwatch.GetTimestamp();
        try
        {
            await _turn.WaitAsync(residence.Cancellation.Token);
            LoadedModel loaded;
            try
            {
                loaded = await LoadInTurnAsync(residence);
            }
            finally
            {
                _turn.Release();
            }

            if (loaded.Model is IFaultSource source)
                source.Faulted += fault => _ = Task.Run(() => EndFaultyAsync(residence, fault), CancellationToken.None);
            bool arrived;
            lock (_lock)
            {
                arrived = !residence.GivenUp;
                if (arrived)
                    residence.Arrive(loaded);
            }

            if (!arrived)
            {
                await loaded.Model.DisposeAsync();
                throw new OperationCanceledException();
            }

            _log.LogInformation("Model {Model} is loaded, after {Milliseconds:0} ms", model.Id, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception fault)
        {
            bool cancelled = fault is OperationCanceledException && residence.GivenUp;
            lock (_lock)
            {
                if (cancelled)
                    _residences.Remove(model.Id);
                residence.Fail(fault switch
                {
                    OperationCanceledException when cancelled => ApiException.Unavailable(
                        $"Loading {model.Id} was cancelled.", "model_load_cancelled", retryAfterSeconds: 1),
                    ModelLoadException => new ApiException(StatusCodes.Status500InternalServerError, fault.Message, "model_load_failed", "model"),
                    _ => fault,
                });
            }

            _log.LogWarning("Model {Model} is not loaded: {Reason}", model.Id, cancelled ? "it was cancelled" : fault.Message);
        }

        Tell(residence);
    }

    private async Task<LoadedModel> LoadInTurnAsync(Residence residence)
    {
        var (model, cancel) = (residence.Model, residence.Cancellation.Token);
        var estimate = residence.Estimate = await _loader.EstimateAsync(model);
        using var promise = await _memory.AdmitAsync(
            model.Id, Needed(estimate), _memory.Budget.MostFreeBytes, "Take a smaller model or a stronger quantisation, or raise the limit with --memory.");
        ShareCaches();
        using var mark = _crashes.Mark(model.Id, CrashPhase.Loading, _time.GetUtcNow());
        try
        {
            return await _loader.LoadAsync(model, _settings.CacheBytes ?? _memory.Budget.LimitBytes, new Percents(residence, this), cancel);
        }
        catch
        {
            await _loader.TrimAsync();
            throw;
        }
    }

    /// <summary>The caches of all models share three quarters of what their weights leave, but have room for a short conversation each.</summary>
    private void ShareCaches()
    {
        lock (_lock)
        {
            var estimates = _residences.Values.Where(residence => residence.State != ResidentState.Failed).Select(residence => residence.Estimate).ToList();
            long left = Math.Max(0, _memory.Budget.MostFreeBytes - estimates.Sum(estimate => estimate.LoadBytes));
            _memory.Budget.Caches.Bytes = Math.Max(left / 4 * 3, estimates.Sum(LeastCacheBytes));
        }
    }

    /// <summary>Bytes that must be free for a model to be loaded.</summary>
    internal static long Needed(MemoryEstimate estimate) => estimate.LoadBytes + LeastCacheBytes(estimate) + estimate.StepBytes(LeastChunk, 1, LeastContext);

    private static long LeastCacheBytes(MemoryEstimate estimate) => estimate.CacheBytes(Math.Min(estimate.ContextLength, LeastContext));

    private async Task<Unloading> StopAsync(Residence residence, TimeSpan drain)
    {
        string id = residence.Model.Id;
        Task<Unloading>? unloading = null;
        bool loading = false;
        lock (_lock)
        {
            if (residence.State == ResidentState.Failed)
                _residences.Remove(id);
            else if (residence.State == ResidentState.Ready)
                unloading = Unload(residence, drain);
            else if (residence.State == ResidentState.Loading)
                loading = residence.GivenUp = true;
        }

        if (unloading is not null)
            return await unloading;
        await residence.Cancellation.CancelAsync();
        if (drain == TimeSpan.Zero)
            await residence.Hurry.CancelAsync();
        await residence.Gone;
        return new(id, loading ? UnloadEnd.Cancelled : UnloadEnd.NotLoaded);
    }

    // The lock is held.
    private Task<Unloading> Unload(Residence residence, TimeSpan drain)
    {
        var end = residence.InFlight == 0 ? UnloadEnd.Idle : UnloadEnd.Drained;
        var idle = residence.Close();
        return Task.Run(() => UnloadAsync(residence, end, idle, drain));
    }

    private async Task<Unloading> UnloadAsync(Residence residence, UnloadEnd end, Task idle, TimeSpan drain)
    {
        string id = residence.Model.Id;
        Tell(residence);
        int cancelled = 0;
        try
        {
            await idle.WaitAsync(drain, _time, residence.Hurry.Token);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            (end, cancelled) = (UnloadEnd.Cancelled, residence.InFlight);
        }

        await residence.Loaded!.Model.DisposeAsync();
        residence.Empty();
        if (!_stopped)
        {
            // Requests that were cut still hold what they tell their clients with.
            await idle.WaitAsync(WriteErrors, _time).ContinueWith(_ => { }, TaskScheduler.Default);
            await _loader.TrimAsync();
        }

        lock (_lock)
        {
            if (_residences.GetValueOrDefault(id) == residence)
                _residences.Remove(id);
            residence.Depart();
        }

        ShareCaches();
        residence.Dispose();
        _log.LogInformation("Model {Model} is unloaded", id);
        Tell(residence);
        return new(id, end, cancelled);
    }

    // Its requests have ended with an error by now.
    private async Task EndFaultyAsync(Residence residence, StepFault fault)
    {
        var model = residence.Model;
        var verdict = _faults.Judge(model.Id, fault);
        _log.LogError(fault.Cause, "The engine failed at {Model}, which is unloaded", model.Id);
        await StopAsync(residence, TimeSpan.Zero);
        if (verdict == FaultVerdict.Unload)
            return;
        var failed = new Residence(model, _time, Expire);
        lock (_lock)
        {
            if (_stopped || !_residences.TryAdd(model.Id, failed))
                return;
            failed.Fail(Failed(_faults.WhyFailed(model.Id) ?? fault.Cause.Message));
        }

        Tell(failed);
    }

    private static ApiException Failed(string why) => new(StatusCodes.Status500InternalServerError, why, "model_failed", "model");

    private void Expire(Residence residence)
    {
        lock (_lock)
        {
            if (residence.IsExpired)
                _ = Unload(residence, TimeSpan.Zero);
            else
                residence.Rest();
        }
    }

    private void Tell(Residence residence)
    {
        ResidentModel snapshot;
        lock (_lock)
            snapshot = residence.Snapshot();
        Changed?.Invoke(snapshot);
    }

    // Tells each percent once.
    private sealed class Percents(Residence residence, ModelHost host) : IProgress<long>
    {
        private long _told;

        public void Report(long value)
        {
            residence.ReadBytes = value;
            long percent = value * 100 / Math.Max(1, residence.Estimate.StoredBytes);
            if (percent <= _told)
                return;
            _told = percent;
            host.Tell(residence);
        }
    }
}
