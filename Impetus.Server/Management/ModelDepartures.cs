using Impetus.Engine.Scheduling;

namespace Impetus.Server.Management;

/// <summary>Takes models out of memory: by name, when their time is over, when others need the room, when their engine fails. Thread safe.</summary>
/// <param name="residences">The table.</param>
/// <param name="shares">Gives what a model had to the caches of the others.</param>
/// <param name="loader">Gives back what loads left.</param>
/// <param name="faults">Judges failures of the engine.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of every unloading.</param>
internal sealed class ModelDepartures(
    Residences residences, CacheShares shares, IModelLoader loader, FaultPolicy faults, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan WriteErrors = TimeSpan.FromSeconds(5);

    /// <summary>Unloads a model, stops its loading, or forgets its failure, whichever there is to do.</summary>
    /// <param name="residence">The model's.</param>
    /// <param name="drain">How long its requests may go on; then they end with an error.</param>
    public async Task<Unloading> StopAsync(Residence residence, TimeSpan drain)
    {
        string id = residence.Model.Id;
        Task<Unloading>? unloading = null;
        bool loading = false;
        lock (residences.Gate)
        {
            if (residence.State == ResidentState.Failed)
                residences.Remove(residence);
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

    /// <summary>Begins to unload a model that is ready. The gate is held.</summary>
    public Task<Unloading> Unload(Residence residence, TimeSpan drain)
    {
        var end = residence.InFlight == 0 ? UnloadEnd.Idle : UnloadEnd.Drained;
        var idle = residence.Close();
        return Task.Run(() => UnloadAsync(residence, end, idle, drain));
    }

    private async Task<Unloading> UnloadAsync(Residence residence, UnloadEnd end, Task idle, TimeSpan drain)
    {
        string id = residence.Model.Id;
        residences.Tell(residence);
        int cancelled = 0;
        try
        {
            await idle.WaitAsync(drain, time, residence.Hurry.Token);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            (end, cancelled) = (UnloadEnd.Cancelled, residence.InFlight);
        }

        await residence.Loaded!.Model.DisposeAsync();
        residence.Empty();
        if (!residences.Closed)
        {
            // Requests that were cut still hold what they tell their clients with.
            await idle.WaitAsync(WriteErrors, time).ContinueWith(_ => { }, TaskScheduler.Default);
            await loader.TrimAsync();
        }

        lock (residences.Gate)
        {
            residences.Remove(residence);
            residence.Depart();
        }

        shares.Share();
        residence.Dispose();
        log.LogInformation("Model {Model} is unloaded", id);
        residences.Tell(residence);
        return new(id, end, cancelled);
    }

    /// <summary>Unloads a model whose engine failed; its requests have ended with an error by now. It is not loaded again by itself if it failed too often.</summary>
    public async Task EndFaultyAsync(Residence residence, StepFault fault)
    {
        var model = residence.Model;
        var verdict = faults.Judge(model.Id, fault);
        log.LogError(fault.Cause, "The engine failed at {Model}, which is unloaded", model.Id);
        await StopAsync(residence, TimeSpan.Zero);
        if (verdict == FaultVerdict.Unload)
            return;
        var failed = new Residence(model, time, Expire);
        lock (residences.Gate)
        {
            if (!residences.TryAdd(failed))
                return;
            failed.Fail(ModelNames.Failed(faults.WhyFailed(model.Id) ?? fault.Cause.Message));
        }

        residences.Tell(failed);
    }

    /// <summary>Unloads a model whose time is over.</summary>
    public void Expire(Residence residence)
    {
        lock (residences.Gate)
        {
            if (residence.IsExpired)
                _ = Unload(residence, TimeSpan.Zero);
            else
                residence.Rest();
        }
    }
}
