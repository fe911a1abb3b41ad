using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>
/// The app without a window: it joins the controllers into one state for the menu, and carries out what the menu asks for. Thread safe;
/// <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class AppController : IAsyncDisposable
{
    private readonly AppParts _parts;
    private readonly ServerController _server;
    private readonly Notifier _notifier;
    private readonly IngestionQueue? _queue;
    private readonly InstalledModels _models;
    private long _startedAt;
    private PerformanceMode _modeInForce;
    private bool _crashUnread;

    public AppController(AppParts parts)
    {
        _parts = parts;
        _crashUnread = parts.LastRunCrashed;
        _models = new(parts.Data, parts.Machine.MemoryBytes);
        _notifier = new(parts.Notifications, parts.Strings, () => parts.Preferences.Now.Notifications, parts.Time);
        _server = new(parts.Host, parts.Strings);
        _server.Changed += OnServerChanged;
        if (parts.Ingestor is { } ingestor)
        {
            _queue = new(ingestor, parts.Files ?? new OpenFiles(), _notifier, parts.Time);
            _queue.Changed += OnChanged;
        }

        parts.Conditions.Changed += OnConditionsChanged;
        parts.Preferences.Changed += OnChanged;
        OnConditionsChanged();
    }

    /// <summary>Raised when <see cref="State"/> may have changed.</summary>
    public event Action? Changed;

    /// <summary>All that the menu shows. Figures are of now, so that an open menu asks again every second.</summary>
    public AppState State
    {
        get
        {
            var now = _server.Now;
            var preferences = _parts.Preferences.Now;
            var allowance = Allow();
            var library = _queue?.State;
            bool heldBack = (now.Server is not null && _modeInForce != preferences.Mode) || library?.Ingestion is { Paused: true };
            return new()
            {
                Services = _parts.Services,
                Server = now.State,
                Models = _models.Read(now),
                Mode = preferences.Mode,
                Figures = now.State is ServerState.Running && now.Server is { } server ? Measure(server) : null,
                Library = library,
                LowMemory = allowance.LowMemory,
                Restraint = heldBack ? allowance.Restraint : null,
                LastRunCrashed = _crashUnread,
                FirstRun = !preferences.Welcomed,
            };
        }
    }

    /// <summary>Begins: starts the server if the user wants that, and says what was wrong with the preferences.</summary>
    public async Task LaunchAsync()
    {
        if (_parts.Preferences.Damage is { } damage)
            _notifier.Say("preferences", damage);
        if (_parts.Preferences.Now.StartServerAtLaunch)
            await StartAsync();
    }

    /// <summary>Adds what was dropped.</summary>
    /// <returns>A sentence for each item that is refused.</returns>
    public IReadOnlyList<string> Drop(IEnumerable<IngestionItem> items) => _queue?.Add(items) ?? [];

    /// <summary>Carries out what a menu item asks for.</summary>
    public async Task PerformAsync(MenuCommand command)
    {
        switch (command)
        {
            case MenuCommand.StartServer:
                await StartAsync();
                break;
            case MenuCommand.StartOnFreePort:
                await _server.StartAsync(Settings() with { Port = 0 });
                break;
            case MenuCommand.StopServer:
                SayWhatWasCutOff(await _server.StopAsync());
                break;
            case MenuCommand.HurryStop:
                _server.Hurry();
                break;
            case MenuCommand.SwitchModel { Id: var id }:
                _parts.Preferences.Change(preferences => preferences with { Model = id });
                SayWhatWasCutOff(await _server.RestartAsync(Settings()));
                break;
            case MenuCommand.SetMode { Mode: var mode }:
                await SetModeAsync(mode);
                break;
            case MenuCommand.CopyAddress when _server.Now.Server is { } server:
                _parts.Platform.Copy(new Uri(server.Address, "v1").AbsoluteUri);
                break;
            case MenuCommand.CopyKey when _server.Now.Server is { } server:
                _parts.Platform.Copy(server.Key);
                break;
            case MenuCommand.CopySnippet { App: var app } when _server.Now is { Server: { } server, ModelId: { } model }:
                _parts.Platform.Copy(Snippets.For(app, server.Address, server.Key, model));
                break;
            case MenuCommand.OpenDashboard when _server.Now.Server is { } server && _parts.DashboardPath is { } path:
                _parts.Platform.Open(new Uri(server.Address, path));
                break;
            case MenuCommand.OpenApiDocumentation when _server.Now.Server is { } server && _parts.ApiDocumentationPath is { } path:
                _parts.Platform.Open(new Uri(server.Address, path));
                break;
            case MenuCommand.AddDocuments:
                var chosen = await _parts.Platform.ChooseDocumentsAsync();
                foreach (string refusal in Drop(chosen.Select(path => new IngestionItem.FromDisk(path))))
                    _notifier.DocumentFailed(refusal);
                break;
            case MenuCommand.CancelIngestion:
                _queue?.Cancel();
                break;
            case MenuCommand.RevealDocument { Path: var path }:
                _parts.Platform.Reveal(path);
                break;
            case MenuCommand.OpenDataFolder:
                _parts.Platform.Reveal(_parts.Data.Ensure(_parts.Data.Path));
                break;
            case MenuCommand.ShowLog:
                _parts.Platform.Reveal(_parts.Data.Ensure(_parts.Data.Logs));
                break;
            case MenuCommand.AcknowledgeCrash:
                _crashUnread = false;
                OnChanged();
                break;
            case MenuCommand.RunBenchmark when _parts.Benchmark is { } benchmark:
                await benchmark();
                break;
            case MenuCommand.ShowPreferences:
                _parts.Platform.ShowPreferences();
                break;
            case MenuCommand.ShowWelcome:
                _parts.Preferences.Change(preferences => preferences with { Welcomed = true });
                _parts.Platform.ShowWelcome();
                break;
            case MenuCommand.ShowAbout:
                _parts.Platform.ShowAbout();
                break;
            case MenuCommand.Quit:
                _parts.Platform.Quit();
                break;
        }
    }

    /// <summary>Stops everything, the server after its running requests.</summary>
    public async ValueTask DisposeAsync()
    {
        _parts.Conditions.Changed -= OnConditionsChanged;
        _parts.Preferences.Changed -= OnChanged;
        if (_queue is not null)
            await _queue.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
        _notifier.Dispose();
    }

    private Task StartAsync() => _server.StartAsync(Settings());

    private ServerSettings Settings()
    {
        var preferences = _parts.Preferences.Now;
        string? key = AccessKey.Obtain(_parts.Keychain);
        if (key is null)
            _notifier.Say("keychain", _parts.Strings.KeychainRefused, _parts.Strings.KeychainRefusedBody);
        var settings = new ServerSettings { Data = _parts.Data, Port = preferences.Port, Model = preferences.Model, ApiKey = key };
        _modeInForce = Allow().Mode;
        return PerformancePlan.For(_modeInForce, _parts.Machine.Cores, _parts.Machine.MemoryBytes).Apply(settings);
    }

    // A mode is a matter of threads and memory, which are given out at the start of a server.
    private async Task SetModeAsync(PerformanceMode mode)
    {
        if (mode == _parts.Preferences.Now.Mode)
            return;
        _parts.Preferences.Change(preferences => preferences with { Mode = mode });
        if (_server.Now.State is ServerState.Running or ServerState.Starting)
            SayWhatWasCutOff(await _server.RestartAsync(Settings()));
    }

    private Allowance Allow() => Allowance.Decide(_parts.Preferences.Now.Mode, _parts.Conditions.Now);

    private LiveFigures Measure(IHostedServer server) => new(
        server.TokensPerSecond, server.ActiveRequests, Environment.WorkingSet, _parts.Time.GetElapsedTime(Volatile.Read(ref _startedAt)));

    private void SayWhatWasCutOff(bool finished)
    {
        if (!finished)
            _notifier.Say("cut-off", _parts.Strings.CutOff, _parts.Strings.CutOffBody);
    }

    private void OnServerChanged()
    {
        var now = _server.Now;
        switch (now)
        {
            case { State: ServerState.Starting }:
                Volatile.Write(ref _startedAt, _parts.Time.GetTimestamp());
                _notifier.Forget("server");
                _notifier.Forget("cut-off");
                break;
            case { State: ServerState.Failed { Fault: var fault } }:
                _notifier.Say("server", fault.Title, fault.Detail);
                break;
            case { State: ServerState.Running, Model: ModelActivity.Ready, ModelId: { } id }:
                _notifier.Say("server", _parts.Strings.ReadyTitle(id));
                break;
            case { State: ServerState.Running, Model: ModelActivity.Failed failed }:
                _notifier.Say("server", _parts.Strings.CannotLoad, failed.Reason);
                break;
        }

        OnChanged();
    }

    private void OnConditionsChanged()
    {
        _queue?.Pause(Allow().IngestionPaused);
        OnChanged();
    }

    private void OnChanged() => Changed?.Invoke();

    // Outside of a sandbox every file is open.
    private sealed class OpenFiles : IFileAccess
    {
        public IDisposable Open(string path) => Nothing.Instance;

        private sealed class Nothing : IDisposable
        {
            public static Nothing Instance { get; } = new();

            public void Dispose()
            {
            }
        }
    }
}
