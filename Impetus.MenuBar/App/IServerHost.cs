using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Observability;

namespace Impetus.MenuBar.App;

/// <summary>Starts servers. The app knows no other way to one.</summary>
internal interface IServerHost
{
    /// <summary>Starts a server, which answers when the task completes; its model may still be loading.</summary>
    /// <exception cref="SettingsException">It cannot run with these settings.</exception>
    /// <exception cref="PortTakenException">Another program listens on the port.</exception>
    Task<IHostedServer> StartAsync(ServerSettings settings, CancellationToken cancel);
}

/// <summary>A server that runs in this process. Disposing it gives everything back: port, models, memory.</summary>
internal interface IHostedServer : IAsyncDisposable
{
    /// <summary>Where programs reach it.</summary>
    Uri Address { get; }

    /// <summary>A key that opens it.</summary>
    string Key { get; }

    /// <summary>The id of the chat model that it loads at its start.</summary>
    string FirstModel { get; }

    /// <summary>Completes when that model can answer; fails with the reason why it never will.</summary>
    Task FirstModelLoaded { get; }

    /// <summary>The models in memory, on their way there or out of it, or failed on it.</summary>
    IReadOnlyList<ResidentModel> Models { get; }

    /// <summary>Raised after <see cref="Models"/> or the requests of <see cref="Status"/> have changed, on any thread.</summary>
    event Action? Changed;

    /// <summary>How it is just now, in figures. Waits for nothing.</summary>
    ServerStatus Status { get; }

    /// <summary>Loads a model, if it must.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="Exception">It cannot be loaded; the message says why.</exception>
    Task LoadModelAsync(string id, CancellationToken cancel);

    /// <summary>Gives a model's memory back, after its requests; called again, it can shorten the wait.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="drain">How long its requests may go on.</param>
    Task<Unloading> UnloadModelAsync(string id, TimeSpan drain);

    /// <summary>Takes more or less of the machine: threads and idle time at once, cache and batch for models that are loaded from now on.</summary>
    Task ReviseAsync(PerformancePlan plan);

    /// <summary>Measures how fast a model is, which is loaded if it must.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="progress">Is told how many of <see cref="ModelSpeed.Answers"/> are over.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="Exception">It cannot be measured; the message says why.</exception>
    Task<ModelSpeed> MeasureAsync(string id, IProgress<int> progress, CancellationToken cancel);

    /// <summary>Its library.</summary>
    IDocumentIngestor Library { get; }

    /// <summary>Completes when the server has stopped, whoever stopped it.</summary>
    Task Ended { get; }

    /// <summary>Refuses new requests, lets running ones finish for a while, and stops.</summary>
    /// <param name="hurry">Cuts the wait short.</param>
    /// <returns>Whether every request could finish.</returns>
    Task<bool> StopAsync(CancellationToken hurry);
}
