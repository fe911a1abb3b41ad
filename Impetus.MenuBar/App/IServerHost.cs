using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

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

    /// <summary>Completes when the chat model can answer; fails with the reason why it never will.</summary>
    Task ModelLoaded { get; }

    /// <summary>What is going on with the chat model: it is loaded when it is named, and unloaded when nobody uses it.</summary>
    ModelActivity Activity { get; }

    /// <summary>Raised after <see cref="Activity"/> has changed, on any thread.</summary>
    event Action? ActivityChanged;

    /// <summary>Gives the chat model's memory back, after its requests.</summary>
    Task UnloadModelAsync();

    /// <summary>Its library.</summary>
    IDocumentIngestor Library { get; }

    /// <summary>Completes when the server has stopped, whoever stopped it.</summary>
    Task Ended { get; }

    /// <summary>Requests that run or wait.</summary>
    int ActiveRequests { get; }

    /// <summary>Tokens written in the last seconds, all answers together.</summary>
    double TokensPerSecond { get; }

    /// <summary>Refuses new requests, lets running ones finish for a while, and stops.</summary>
    /// <param name="hurry">Cuts the wait short.</param>
    /// <returns>Whether every request could finish.</returns>
    Task<bool> StopAsync(CancellationToken hurry);
}
