using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Counts requests in at the models that they name, and out again. The first one brings its model, the last one lets it rest. Thread safe.</summary>
/// <param name="residences">The table.</param>
/// <param name="arrivals">Brings models that are not there.</param>
/// <param name="departures">Takes them out when their time is over.</param>
/// <param name="names">Finds models on the disk.</param>
/// <param name="defaults">What is set for single models.</param>
/// <param name="faults">Knows the models that failed too often.</param>
/// <param name="crashes">Remembers first requests that are under way.</param>
/// <param name="settings">Those in force now.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelEntrance(
    Residences residences, ModelArrivals arrivals, ModelDepartures departures, ModelNames names, ModelDefaults defaults, FaultPolicy faults,
    CrashMarkers crashes, Func<ServerSettings> settings, TimeProvider time)
{
    /// <summary>Counts a request in; it may have to wait for the model's <see cref="Residence.Arrived"/> yet.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="kind">What it must be for; null: anything.</param>
    /// <param name="keepAlive">How long it stays after the request; null: its own default.</param>
    /// <param name="pinned">Whether it stays until it is unloaded by name; null: its own default.</param>
    /// <param name="cancel">Gives up the wait for its earlier residence to end.</param>
    /// <exception cref="ApiException">As for <see cref="ModelHost.LeaseAsync"/>.</exception>
    public async Task<Residence> EnterAsync(string id, ModelKind? kind, KeepAlive? keepAlive, bool? pinned, CancellationToken cancel)
    {
        InstalledModel? installed = null;
        while (true)
        {
            Residence? residence;
            bool begins = false;
            lock (residences.Gate)
            {
                if (residences.Closed)
                    throw ActiveRequests.ShuttingDown();
                residence = residences.Find(id);
                if (residence is null or { State: ResidentState.Failed })
                {
                    if (faults.WhyFailed(id) is { } why)
                        throw ModelNames.Failed(why);
                    begins = installed is not null;
                    residence = installed is null ? null : Place(installed);
                }

                if (residence is not null)
                    names.Require(residence.Model, kind);
                if (residence?.TryEnter() == true)
                {
                    var own = defaults.Of(id);
                    residence.KeepAlive = keepAlive ?? own.KeepAlive ?? settings().KeepAlive;
                    residence.Pinned = pinned ?? own.Pinned;
                    if (begins)
                        _ = Task.Run(() => arrivals.BringAsync(residence), CancellationToken.None);
                    return residence;
                }
            }

            if (residence is null)
                installed = names.Find(id, kind);
            else
                await residence.Gone.WaitAsync(cancel);
        }
    }

    /// <summary>Counts a request out. A load that nobody waits for any more is cancelled.</summary>
    /// <param name="residence">Where it was counted in.</param>
    /// <param name="hasWorked">Whether it used the model.</param>
    public void Leave(Residence residence, bool hasWorked)
    {
        IDisposable? mark = null;
        bool unwanted;
        lock (residences.Gate)
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

    /// <summary>Writes down that a model is used for the first time, until that request leaves.</summary>
    public void MarkFirstRequest(Residence residence)
    {
        lock (residences.Gate)
        {
            if (residence.Proven || residence.FirstStep is not null)
                return;
            residence.FirstStep = crashes.Mark(residence.Model.Id, CrashPhase.FirstRequest, time.GetUtcNow());
        }
    }

    private Residence Place(InstalledModel installed)
    {
        var residence = new Residence(installed, time, departures.Expire);
        residences.Put(residence);
        return residence;
    }
}
