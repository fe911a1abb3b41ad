using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>
/// The app without a window: it joins the controllers into one state for the menu, and carries out what the menu asks for. Thread safe;
/// <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class AppController : IAsyncDisposable
{
    private const int MostRefusals = 3;

    private readonly AppParts _parts;
    private readonly ServerController _server;
    private readonly Notifier _notifier;
    private readonly IngestionQueue _queue;
    private readonly WatchedFolders _folders;
    private readonly Questions _questions;
    private readonly BenchmarkController _benchmark;
    private readonly DesktopCommands _desktop;
    private readonly PerformanceController _performance;
    private readonly InstalledModels _installed;
    private readonly ModelController _models = new();
    private readonly Announcer _announcer;
    private bool _crashUnread;

    public AppController(AppParts parts)
    {
        _parts = parts;
        _crashUnread = parts.LastRunCrashed;
        _installed = new(parts.Data, parts.Machine.MemoryBytes);
        _notifier = new(parts.Notifications, parts.Strings, () => parts.Preferences.Now.Notifications, parts.Time);
        _announcer = new(_notifier, parts.Strings);
        _server = new(parts.Host, parts.Strings);
        _server.Changed += OnServerChanged;
        _models.Changed += OnModelsChanged;
        _models.Switched += OnSwitched;
        _queue = new(() => _server.Now.Server?.Library, parts.Files, _notifier, parts.Time);
        _queue.Changed += OnChanged;
        _folders = new(parts.Files, _notifier);
        _folders.Changed += OnChanged;
        _queue.FolderAdded += path => _ = _folders.FollowAsync(path);
        _desktop = new(parts, () => _server.Now.Server);
        _performance = new(parts, _server, _models);
        _benchmark = new(() => _server.Now.State is ServerState.Running ? _server.Now.Server : null, ChosenModel, _notifier, parts.Strings);
        _benchmark.Changed += OnChanged;
        _questions = new(() => _server.Now.Server, ChosenModel);
        PreferencesForm = new(parts, PerformAsync, RestartAsync);
        if (parts.Updates is { } updates)
            updates.Changed += OnUpdateFound;
        parts.Conditions.Changed += OnConditionsChanged;
        parts.Preferences.Changed += OnChanged;
        OnConditionsChanged();
    }

    /// <summary>Raised when <see cref="State"/> may have changed.</summary>
    public event Action? Changed;

    /// <summary>The preferences, to be shown as a form.</summary>
    public PreferencesForm PreferencesForm { get; }

    /// <summary>All that the menu shows. Figures are of now, so that an open menu asks again every second.</summary>
    public AppState State
    {
        get
        {
            var now = _server.Now;
            var preferences = _parts.Preferences.Now;
            var allowance = _performance.Allowance;
            var library = _queue.State;
            bool heldBack = (now.Server is not null && _performance.ModeInForce != preferences.Mode) || library.Ingestion is { Paused: true };
            return new()
            {
                Services = _parts.Services,
                Server = now.State,
                Models = _installed.Read(preferences.Model, _models.Activity),
                Switch = _models.Switch,
                Mode = preferences.Mode,
                Figures = now is { State: ServerState.Running, Server: { } server } ? Measurement.Of(server.Status) : null,
                Benchmark = _benchmark.State,
                Library = library with { Watched = _folders.State },
                LowMemory = allowance.LowMemory,
                Restraint = heldBack ? allowance.Restraint : null,
                LastRunCrashed = _crashUnread,
                Update = _parts.Updates?.Available?.Version.ToString(),
                FirstRun = !preferences.Welcomed,
            };
        }
    }

    /// <summary>
    /// Begins: opens what was given to the app, starts the server if the user wants that, welcomes who is new, and says what was wrong with
    /// the preferences.
    /// </summary>
    public async Task LaunchAsync()
    {
        _parts.Files.Restore();
        if (_parts.HasWelcome && !_parts.Preferences.Now.Welcomed)
            await PerformAsync(new MenuCommand.ShowWelcome());
        if (_parts.Preferences.Damage is { } damage)
            _notifier.Say("preferences", damage);
        if (_parts.Preferences.Now.StartServerAtLaunch)
            await StartAsync();
    }

    /// <summary>Whether any of these would be taken.</summary>
    public static bool Accepts(IEnumerable<IngestionItem> items) => items.Any(item => DropCheck.Refusal(item) is null);

    /// <summary>Adds what was dropped, and says at once what is refused.</summary>
    /// <returns>A sentence for each item that is refused.</returns>
    public IReadOnlyList<string> Drop(IEnumerable<IngestionItem> items)
    {
        var refusals = _queue.Add(items);
        if (refusals.Count > 0)
        {
            _notifier.Forget("refused");
            _notifier.Say("refused", _parts.Strings.NotAdded(refusals.Count), string.Join('\n', refusals.Take(MostRefusals)));
        }

        return refusals;
    }

    /// <summary>Opens what the system hands over: the path of a document, or an address of ours.</summary>
    public Task OpenAsync(string what)
    {
        if (!Path.IsPathRooted(what))
            return OpenLinkAsync(what);
        Drop([new IngestionItem.FromDisk(what)]);
        return Task.CompletedTask;
    }

    /// <summary>A welcome from its first page on.</summary>
    public Welcome Welcome() => new(() => State, _parts.Data.Path, _parts.Strings, PerformAsync);

    /// <summary>Asks the running server.</summary>
    /// <exception cref="InvalidOperationException">There is no answer; the message says why.</exception>
    public IAsyncEnumerable<string> AskAsync(string question, CancellationToken cancel) => _questions.AskAsync(question, cancel);

    /// <summary>Opens an <c>impetus://</c> address, which anybody may have written: nothing is added before the user has said so.</summary>
    public async Task OpenLinkAsync(string address)
    {
        try
        {
            switch (ImpetusLink.Parse(address))
            {
                case ImpetusLink.Add { Item: var item } when await _parts.Platform.ConfirmAsync(Confirm(item)):
                    Drop([item]);
                    break;
                case ImpetusLink.Ask { Question: var question }:
                    _parts.Platform.ShowAsk(question);
                    break;
                case ImpetusLink.Open:
                    await PerformAsync(_parts.DashboardPath is null ? new MenuCommand.ShowPreferences() : new MenuCommand.OpenDashboard());
                    break;
            }
        }
        catch (FormatException fault)
        {
            _notifier.Say("link", _parts.Strings.LinkRefused, fault.Message);
        }
    }

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
                await SwitchModelAsync(id);
                break;
            case MenuCommand.CancelSwitch:
                _models.Cancel();
                break;
            case MenuCommand.HurrySwitch:
                await _models.HurryAsync();
                break;
            case MenuCommand.UnloadModel { Id: var id }:
                if (await _models.UnloadAsync(id) is { Cancelled: > 0 } cut)
                    _announcer.SayCutOff(cut);
                break;
            case MenuCommand.SetMode { Mode: var mode }:
                await _performance.SetAsync(mode);
                break;
            case MenuCommand.AddDocuments:
                var chosen = await _parts.Platform.ChooseDocumentsAsync();
                Drop(chosen.Select(path => new IngestionItem.FromDisk(path)));
                break;
            case MenuCommand.CancelIngestion:
                _queue.Cancel();
                break;
            case MenuCommand.ForgetFolder { Path: var path }:
                await _folders.ForgetAsync(path);
                break;
            case MenuCommand.ImportV1:
                if (await _parts.Platform.ChooseFolderAsync(_parts.Strings.ChooseV1Folder) is { } folder)
                    await new V1Import(_parts, _notifier, Drop).RunAsync(folder, _performance.SetAsync);
                OnChanged();
                break;
            case MenuCommand.LookForUpdates when _parts.Updates is { } updates:
                await LookForUpdatesAsync(updates);
                break;
            case MenuCommand.AcknowledgeCrash:
                _crashUnread = false;
                OnChanged();
                break;
            case MenuCommand.RunBenchmark:
                await _benchmark.RunAsync();
                break;
            case MenuCommand.CancelBenchmark:
                _benchmark.Cancel();
                break;
            case MenuCommand.ShowWelcome:
                _parts.Preferences.Change(preferences => preferences with { Welcomed = true });
                _parts.Platform.ShowWelcome();
                break;
            default:
                _desktop.Perform(command);
                break;
        }
    }

    /// <summary>Stops everything, the server after its running requests.</summary>
    public async ValueTask DisposeAsync()
    {
        _parts.Conditions.Changed -= OnConditionsChanged;
        _parts.Preferences.Changed -= OnChanged;
        if (_parts.Updates is { } updates)
            updates.Changed -= OnUpdateFound;
        _benchmark.Cancel();
        // A document that is being added goes on in the next run, if its server stops first.
        await _server.StopAsync();
        await _queue.DisposeAsync();
        await _server.DisposeAsync();
        _models.Dispose();
        _questions.Dispose();
        _notifier.Dispose();
    }

    private string ChosenModel() => _parts.Preferences.Now.Model;

    private Task StartAsync() => _server.StartAsync(Settings());

    private ServerSettings Settings()
    {
        var preferences = _parts.Preferences.Now;
        string? key = AccessKey.Obtain(_parts.Keychain);
        if (key is null)
            _notifier.Say("keychain", _parts.Strings.KeychainRefused, _parts.Strings.KeychainRefusedBody);
        return _performance.Plan().Apply(new ServerSettings { Data = _parts.Data, Port = preferences.Port, Model = preferences.Model, ApiKey = key });
    }

    // A server that does not run, or has read its settings, loads what was chosen before: it is switched when it stands.
    private async Task SwitchModelAsync(string id)
    {
        _parts.Preferences.Change(preferences => preferences with { Model = id });
        if (await _server.SettledAsync() is not null)
            await _models.SwitchAsync(id);
    }

    // A server that does not run takes the new settings when it starts.
    private async Task RestartAsync()
    {
        if (_server.Now.State is ServerState.Running or ServerState.Starting)
            SayWhatWasCutOff(await _server.RestartAsync(Settings()));
    }

    private Confirmation Confirm(IngestionItem item) => new(
        _parts.Strings.ConfirmAdd,
        _parts.Strings.ConfirmAddText(item is IngestionItem.FromText text ? text.Text : ((IngestionItem.FromWeb)item).Address.AbsoluteUri),
        _parts.Strings.AddPrompt,
        _parts.Strings.Cancel);

    private async Task LookForUpdatesAsync(UpdateCheck updates)
    {
        _notifier.Forget("update");
        try
        {
            if (await updates.LookAsync() is null)
                _notifier.Say("update", _parts.Strings.NewestVersion, updates.Running.ToString());
        }
        catch (IOException fault)
        {
            _notifier.Say("update", _parts.Strings.NoUpdateCheck, fault.Message);
        }
    }

    private void OnUpdateFound()
    {
        if (_parts.Updates?.Available is { } release)
        {
            _notifier.Say("update", _parts.Strings.NewVersion(release.Version.ToString()), release.Notes,
                new NotificationAction(_parts.Strings.Download, new MenuCommand.DownloadUpdate()));
        }

        OnChanged();
    }

    private void SayWhatWasCutOff(bool finished)
    {
        if (!finished)
            _announcer.SayCutOff();
    }

    private void OnServerChanged()
    {
        var now = _server.Now;
        _models.Follow(now.State is ServerState.Running ? now.Server : null);
        _announcer.Tell(now.State);
        var library = now.State is ServerState.Running ? now.Server?.Library : null;
        if (library is not null)
            library.Changed += OnChanged;
        _ = _folders.FollowAsync(library);
        _parts.Platform.KeepWorking(now.Server is not null);
        Hold();
        OnChanged();
    }

    private void OnModelsChanged()
    {
        // While a way is under way, its end says it all.
        string chosen = ChosenModel();
        if (_models.Switch is null)
            _announcer.Tell(chosen, _models.Activity(chosen));
        OnChanged();
    }

    private void OnSwitched(SwitchOutcome outcome)
    {
        if (outcome.Back is { } back)
            _parts.Preferences.Change(preferences => preferences with { Model = back });
        _announcer.Tell(outcome);
    }

    private void OnConditionsChanged()
    {
        Hold();
        _performance.Follow();
        OnChanged();
    }

    // Also called for a server that came or went: documents that waited for it are looked at again.
    private void Hold() => _queue.Pause(_performance.Allowance.IngestionPaused, _parts.Conditions.Now.Offline);

    private void OnChanged() => Changed?.Invoke();
}
