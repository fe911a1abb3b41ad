using System.Diagnostics;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Management;

/// <summary>
/// Brings models into memory, one after the other, each with the eviction that it needs, so that two never count on the same room. Thread safe.
/// </summary>
internal sealed class ModelArrivals : IDisposable
{
    private readonly Residences _residences;
    private readonly ModelDepartures _departures;
    private readonly CacheShares _shares;
    private readonly IModelLoader _loader;
    private readonly MemoryGuard _memory;
    private readonly CrashMarkers _crashes;
    private readonly Func<ServerSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="residences">The table.</param>
    /// <param name="departures">Takes a model out again whose engine fails.</param>
    /// <param name="shares">Gives its caches their share.</param>
    /// <param name="loader">Reads models.</param>
    /// <param name="memory">Makes room.</param>
    /// <param name="crashes">Remembers what was being loaded.</param>
    /// <param name="settings">Those in force now.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of every load.</param>
    public ModelArrivals(
        Residences residences, ModelDepartures departures, CacheShares shares, IModelLoader loader, MemoryGuard memory, CrashMarkers crashes,
        Func<ServerSettings> settings, TimeProvider time, ILogger log)
    {
        (_residences, _departures, _shares, _loader, _memory) = (residences, departures, shares, loader, memory);
        (_crashes, _settings, _time, _log) = (crashes, settings, time, log);
    }

    /// <summary>Loads a model, in its turn. Whoever waits for the residence learns of the model or of the fault.</summary>
    public async Task BringAsync(Residence residence)
    {
        var model = residence.Model;
        _residences.Tell(residence);
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
                source.Faulted += fault => _ = Task.Run(() => _departures.EndFaultyAsync(residence, fault), CancellationToken.None);
            bool arrived;
            lock (_residences.Gate)
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

            _residences.Tell(residence);
            _log.LogInformation("Model {Model} is loaded, after {Milliseconds:0} ms", model.Id, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception fault)
        {
            bool cancelled = fault is OperationCanceledException && residence.GivenUp;
            lock (_residences.Gate)
            {
                if (cancelled)
                    _residences.Remove(residence);
                residence.Fail(fault switch
                {
                    OperationCanceledException when cancelled => ApiException.Unavailable(
                        $"Loading {model.Id} was cancelled.", "model_load_cancelled", retryAfterSeconds: 1),
                    ModelLoadException => new ApiException(StatusCodes.Status500InternalServerError, fault.Message, "model_load_failed", "model"),
                    _ => fault,
                });
            }

            _shares.Share();
            _residences.Tell(residence);
            _log.LogWarning("Model {Model} is not loaded: {Reason}", model.Id, cancelled ? "it was cancelled" : fault.Message);
        }
    }

    private async Task<LoadedModel> LoadInTurnAsync(Residence residence)
    {
        var (model, cancel) = (residence.Model, residence.Cancellation.Token);
        var estimate = residence.Estimate = await _loader.EstimateAsync(model);
        using var promise = await _memory.AdmitAsync(
            model.Id, ModelNeeds.ToLoad(estimate), _memory.Budget.MostFreeBytes, "Take a smaller model or a stronger quantisation, or raise the limit with --memory.");
        _shares.Share();
        using var mark = _crashes.Mark(model.Id, CrashPhase.Loading, _time.GetUtcNow());
        try
        {
            return await _loader.LoadAsync(model, _settings().CacheBytes ?? _memory.Budget.LimitBytes, new Percents(residence, _residences), cancel);
        }
        catch
        {
            await _loader.TrimAsync();
            throw;
        }
    }

    /// <summary>To be called when no model is on its way any more.</summary>
    public void Dispose() => _turn.Dispose();

    // Tells each percent once.
    private sealed class Percents(Residence residence, Residences residences) : IProgress<long>
    {
        private long _told;

        public void Report(long value)
        {
            residence.ReadBytes = value;
            long percent = value * 100 / Math.Max(1, residence.Estimate.StoredBytes);
            if (percent <= _told)
                return;
            _told = percent;
            residences.Tell(residence);
        }
    }
}
