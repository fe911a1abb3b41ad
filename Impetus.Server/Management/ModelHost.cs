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
/// Requests hold a lease on their model. They come in by <see cref="ModelEntrance"/>, models come by <see cref="ModelArrivals"/>
/// and go by <see cref="ModelDepartures"/>, and all share one table, <see cref="Residences"/>.
/// </remarks>
public sealed class ModelHost : BackgroundService, IMemoryOwner, IAsyncDisposable
{
    private readonly IModelLoader _loader;
    private readonly MemoryGuard _memory;
    private readonly ModelNames _names;
    private readonly CrashMarkers _crashes;
    private readonly FaultPolicy _faults;
    private readonly ILogger<ModelHost> _log;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Residences _residences = new();
    private readonly ModelEntrance _entrance;
    private readonly ModelArrivals _arrivals;
    private readonly ModelDepartures _departures;
    private volatile ServerSettings _settings;

    /// <summary>Waits to be started by the host.</summary>
    public ModelHost(
        ServerSettings settings, IModelLoader loader, MemoryGuard memory, CrashMarkers crashes, ModelDefaults defaults, FaultPolicy faults, TimeProvider time,
        ILogger<ModelHost> log)
    {
        (_settings, _loader, _memory, _crashes, _faults, _log) = (settings, loader, memory, crashes, faults, log);
        _names = new ModelNames(loader);
        var shares = new CacheShares(_residences, memory.Budget);
        _departures = new ModelDepartures(_residences, shares, loader, faults, time, log);
        _arrivals = new ModelArrivals(_residences, _departures, shares, loader, memory, crashes, () => _settings, time, log);
        _entrance = new ModelEntrance(_residences, _arrivals, _departures, _names, defaults, faults, crashes, () => _settings, time);
        _memory.Guard(this);
    }

    /// <summary>A model came into memory, went out of it, or is a percent further on its way. Raised on any thread, at times the engine's: be quick.</summary>
    public event Action<ResidentModel>? Changed
    {
        add => _residences.Changed += value;
        remove => _residences.Changed -= value;
    }

    /// <summary>The chat models that can answer now.</summary>
    public IReadOnlyList<IChatModel> Models
    {
        get
        {
            lock (_residences.Gate)
                return [.. _residences.All.Select(residence => residence.Loaded?.Model).OfType<IChatModel>()];
        }
    }

    /// <summary>All models that are in memory, on their way there, or failed on it.</summary>
    public IReadOnlyList<ResidentModel> Resident => _residences.Snapshot();

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
        var residence = await _entrance.EnterAsync(id, kind, keepAlive, null, cancel);
        try
        {
            var loaded = await residence.Arrived.WaitAsync(cancel);
            _entrance.MarkFirstRequest(residence);
            return new((T)loaded.Model, () => _entrance.Leave(residence, hasWorked: true));
        }
        catch
        {
            _entrance.Leave(residence, hasWorked: false);
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
        var residence = await _entrance.EnterAsync(id, null, keepAlive, pinned, cancel);
        try
        {
            await residence.Arrived.WaitAsync(cancel);
        }
        finally
        {
            _entrance.Leave(residence, hasWorked: false);
        }

        return _residences.Snapshot(residence);
    }

    /// <summary>Unloads a model, or stops its loading. It goes on when the caller leaves.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="drain">How long its requests may go on; then they end with an error.</param>
    /// <exception cref="ApiException">It is not here (404).</exception>
    public Task<Unloading> UnloadAsync(string id, TimeSpan drain)
    {
        Residence? residence;
        lock (_residences.Gate)
            residence = _residences.Find(id);
        return residence is null ? Task.FromResult(new Unloading(_names.Find(id, null).Id, UnloadEnd.NotLoaded)) : _departures.StopAsync(residence, drain);
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
        long needed = ModelNeeds.ToLoad(await _loader.EstimateAsync(model));
        bool fitsBeside = needed <= _memory.Budget.FreeBytes;
        // What can never fit is refused before anybody has to go for it.
        if (fitsBeside || needed > _memory.Budget.MostFreeBytes)
            await LoadAsync(id, cancel: cancel);
        List<string> others;
        lock (_residences.Gate)
            others = [.. _residences.All.Where(other => other.Model.Kind == ModelKind.Chat && other.Model.Id != id && !other.Pinned).Select(other => other.Model.Id)];
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
        lock (_residences.Gate)
            residence = _residences.Find(id);
        if (residence is null)
            return _memory.Budget.Promise(0);
        var estimate = residence.Estimate;
        return await _memory.AdmitAsync(
            $"A request of {tokens} tokens",
            ModelNeeds.ToAnswer(estimate, tokens, sequences),
            _memory.Budget.MostFreeBytes - estimate.LoadBytes,
            "Shorten the prompt, or ask for fewer answers.");
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
        lock (_residences.Gate)
        {
            if (_residences.All.Where(residence => residence.IsIdle).MinBy(residence => residence.LastUsed) is not { } oldest)
                return false;
            unloading = _departures.Unload(oldest, TimeSpan.Zero);
        }

        await unloading;
        return true;
    }

    /// <summary>Ends all requests and gives all memory back.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Residence> residences;
        lock (_residences.Gate)
        {
            if (_residences.Closed)
                return;
            _residences.Closed = true;
            residences = [.. _residences.All];
        }

        _memory.Guard(null);
        await Task.WhenAll(residences.Select(residence => _departures.StopAsync(residence, TimeSpan.Zero)));
        residences.ForEach(residence => residence.Dispose());
        _arrivals.Dispose();
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
        var residence = await _entrance.EnterAsync(id, ModelKind.Chat, null, null, cancel);
        try
        {
            await residence.Arrived.WaitAsync(cancel);
        }
        finally
        {
            _entrance.Leave(residence, hasWorked: false);
        }
    }
}
