using System.Globalization;
using Impetus.Engine.Hub;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Observability;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Impetus.MenuBar.Tests.App;

public sealed class AppControllerTests : IAsyncDisposable
{
    private readonly TemporaryData _home = new();
    private readonly PreferencesStore _preferences;
    private readonly IServerHost _host = Substitute.For<IServerHost>();
    private readonly IPlatform _platform = Substitute.For<IPlatform>();
    private readonly IKeychain _keychain = Substitute.For<IKeychain>();
    private readonly INotifications _shown = Substitute.For<INotifications>();
    private readonly IConditions _conditions = Substitute.For<IConditions>();
    private readonly ILoginItem _loginItem = Substitute.For<ILoginItem>();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeServer _server = new();
    private readonly AppController _app;

    public AppControllerTests()
    {
        _preferences = PreferencesStore.Open(_home.Data);
        _keychain.Read().Returns("sk-impetus-0123456789");
        FakeServer second = new(), third = new();
        _host.StartAsync(default!, default).ReturnsForAnyArgs(_server, second, third);
        _app = new(new AppParts
        {
            Data = _home.Data,
            Strings = new Strings(new CultureInfo("en")),
            Preferences = _preferences,
            Host = _host,
            Platform = _platform,
            Keychain = _keychain,
            Notifications = _shown,
            Conditions = _conditions,
            Machine = new(8, 16L << 30),
            Time = _time,
            LastRunCrashed = true,
            LoginItem = _loginItem,
            DashboardPath = "/dashboard",
            HasPreferencesWindow = true,
            HasQuestionWindow = true,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _preferences.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_launch_starts_the_server_with_what_the_user_has_chosen()
    {
        _preferences.Change(p => p with { Port = 9090, Model = "org/name", Mode = PerformanceMode.Efficiency });
        await _app.LaunchAsync();
        await _host.Received(1).StartAsync(
            Arg.Is<ServerSettings>(s => s.Port == 9090 && s.Model == "org/name" && s.Threads == 4 && s.CacheBytes == 1L << 30 && s.ApiKey == "sk-impetus-0123456789"),
            Arg.Any<CancellationToken>());
        Assert.IsType<ServerState.Running>(_app.State.Server);
    }

    [Fact]
    public async Task A_launch_leaves_the_server_alone_if_the_user_wants_that()
    {
        _preferences.Change(p => p with { StartServerAtLaunch = false });
        await _app.LaunchAsync();
        await _host.DidNotReceiveWithAnyArgs().StartAsync(default!, default);
    }

    [Fact]
    public async Task Figures_are_there_while_the_server_runs()
    {
        Assert.Null(_app.State.Figures);
        await _app.LaunchAsync();
        var encoder = new ModelStatus("m/encoder", "embedding", "ready", 140, 140, 0, 0, null, false, "cpu", null, 0, 0, 0, 0, 0);
        _server.Status = _server.Status with
        {
            Queue = new(2, 1, 1),
            TokensPerSecond = new(900, 31.5),
            Memory = _server.Status.Memory with { UsedBytes = 1000, PrefixCacheBytes = 20, CachesBytes = 30, OtherBytes = 710 },
            Models = [encoder with { Id = "m/chat", Kind = "chat", MemoryBytes = 100, InFlight = 2 }, encoder, encoder with { Id = "m/failed", MemoryBytes = 0 }],
        };
        var figures = _app.State.Figures!;
        Assert.Equal((2, 31.5, TimeSpan.FromMinutes(3)), (figures.ActiveRequests, figures.TokensPerSecond, figures.Uptime));
        Assert.Equal(new MemoryFigures(1000, 6L << 30, 20, 30, 710), figures.Memory);
        Assert.Equal([new("m/chat", 100, 2), new("m/encoder", 140, 0)], figures.Models);
        await _app.PerformAsync(new MenuCommand.StopServer());
        Assert.Null(_app.State.Figures);
    }

    [Fact]
    public async Task What_connects_programs_goes_to_the_pasteboard()
    {
        await _app.PerformAsync(new MenuCommand.CopyKey());
        _platform.DidNotReceiveWithAnyArgs().Copy(default!);
        await _app.LaunchAsync();
        await _app.PerformAsync(new MenuCommand.CopyAddress());
        await _app.PerformAsync(new MenuCommand.CopyKey());
        await _app.PerformAsync(new MenuCommand.CopySnippet(ConnectedApp.Environment));
        Received.InOrder(() =>
        {
            _platform.Copy("http://localhost:8080/v1");
            _platform.Copy("sk-impetus-test");
            _platform.Copy(Arg.Is<string>(text => text.Contains("export OPENAI_API_KEY='sk-impetus-test'")));
        });
    }

    [Fact]
    public async Task Another_model_takes_the_place_of_the_first_in_the_same_server_and_is_remembered()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        _server.UnloadingModel = (id, _) => Task.FromResult(new Unloading(id, UnloadEnd.Drained));
        await _app.PerformAsync(new MenuCommand.SwitchModel("org/other"));
        Assert.False(_server.Disposed);
        Assert.Equal("org/other", _preferences.Now.Model);
        Assert.Equal([$"unload {StarterModels.Chat}", "load org/other"], _server.Log);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "org/other Is Ready" && n.Body == "SmolLM2-135M-Instruct finished its requests first."));
        await _app.PerformAsync(new MenuCommand.CopySnippet(ConnectedApp.Curl));
        _platform.Received(1).Copy(Arg.Is<string>(text => text.Contains("org/other")));
    }

    [Fact]
    public async Task A_model_that_is_chosen_while_the_server_is_off_is_loaded_when_it_starts()
    {
        await _app.PerformAsync(new MenuCommand.SwitchModel("org/other"));
        await _app.PerformAsync(new MenuCommand.StartServer());
        await _host.Received(1).StartAsync(Arg.Is<ServerSettings>(s => s.Model == "org/other"), Arg.Any<CancellationToken>());
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_said_with_what_helps_and_the_one_before_stays_chosen()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        _server.LoadingModel = (id, _) => id == "org/other" ? throw new InvalidDataException("It is truncated.") : Task.CompletedTask;
        await _app.PerformAsync(new MenuCommand.SwitchModel("org/other"));
        Assert.Equal(StarterModels.Chat, _preferences.Now.Model);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "other Could Not Be Loaded" && n.Body == "It is truncated. SmolLM2-135M-Instruct answers again."
            && n.Actions[0].Command == new MenuCommand.SwitchModel("org/other")));
        // The one before was said to be ready once, and that has not changed.
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == $"{StarterModels.Chat} Is Ready"));
    }

    [Fact]
    public async Task A_switch_can_be_given_up_and_its_requests_cut_off()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        var hurried = new TaskCompletionSource();
        _server.UnloadingModel = async (id, drain) =>
        {
            if (drain == TimeSpan.Zero)
                hurried.SetResult();
            await hurried.Task;
            return new(id, UnloadEnd.Cancelled, 2);
        };
        _server.LoadingModel = (id, cancel) => id == "org/other" ? Task.Delay(Timeout.Infinite, cancel) : Task.CompletedTask;
        var switching = _app.PerformAsync(new MenuCommand.SwitchModel("org/other"));
        Assert.Equal(new ModelSwitch("org/other", StarterModels.Chat), _app.State.Switch);
        await _app.PerformAsync(new MenuCommand.HurrySwitch());
        await Until.TrueAsync(() => _server.Log.Contains("load org/other"), look => _app.Changed += look, look => _app.Changed -= look);
        await _app.PerformAsync(new MenuCommand.CancelSwitch());
        await switching;
        Assert.Equal(StarterModels.Chat, _preferences.Now.Model);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "Requests Were Cut Off" && n.Body == "2 requests to SmolLM2-135M-Instruct did not finish in time."));
        _shown.DidNotReceive().Show(Arg.Is<Notification>(n => n.Title.EndsWith("Could Not Be Loaded")));
    }

    [Fact]
    public async Task Requests_that_were_cut_off_are_said()
    {
        _server.Stopping = _ => Task.FromResult(false);
        await _app.LaunchAsync();
        await _app.PerformAsync(new MenuCommand.StopServer());
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "Requests Were Cut Off"));
    }

    [Fact]
    public async Task A_new_mode_is_told_to_the_running_server_whose_model_is_loaded_anew_and_the_same_one_is_not()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        await _app.PerformAsync(new MenuCommand.SetMode(PerformanceMode.Balanced));
        Assert.Null(_server.Plan);
        await _app.PerformAsync(new MenuCommand.SetMode(PerformanceMode.Performance));
        Assert.Equal(new PerformancePlan(8, 32, 4L << 30, null), _server.Plan);
        Assert.Equal([$"unload {StarterModels.Chat}", $"load {StarterModels.Chat}"], _server.Log);
        await _host.ReceivedWithAnyArgs(1).StartAsync(default!, default);
        Assert.Equal(PerformanceMode.Performance, _app.State.Mode);
    }

    [Fact]
    public async Task A_new_mode_loads_no_model_that_rests()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        _server.Set(StarterModels.Chat, ResidentState.Unloaded);
        await _app.PerformAsync(new MenuCommand.SetMode(PerformanceMode.Efficiency));
        Assert.Equal(4, _server.Plan?.Threads);
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task A_new_mode_does_not_start_a_stopped_server()
    {
        await _app.PerformAsync(new MenuCommand.SetMode(PerformanceMode.Performance));
        await _host.DidNotReceiveWithAnyArgs().StartAsync(default!, default);
    }

    [Fact]
    public async Task A_taken_port_is_left_for_this_run()
    {
        _host.StartAsync(default!, default).ReturnsForAnyArgs(
            _ => Task.FromException<IHostedServer>(new PortTakenException(8080, null)), _ => Task.FromResult<IHostedServer>(_server));
        await _app.LaunchAsync();
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "Port 8080 Is Taken"));
        await _app.PerformAsync(new MenuCommand.StartOnFreePort());
        await _host.Received(1).StartAsync(Arg.Is<ServerSettings>(s => s.Port == 0), Arg.Any<CancellationToken>());
        Assert.Equal(8080, _preferences.Now.Port);
    }

    [Fact]
    public async Task A_keychain_that_refuses_is_said_once_and_the_server_starts()
    {
        _keychain.Read().Throws(new KeychainException("locked"));
        await _app.LaunchAsync();
        await _app.PerformAsync(new MenuCommand.StopServer());
        await _app.PerformAsync(new MenuCommand.StartServer());
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "The Keychain Is Not Available"));
        await _host.Received(2).StartAsync(Arg.Is<ServerSettings>(s => s.ApiKey == null), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_model_that_is_ready_or_will_never_be_is_said()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        _server.Set(StarterModels.Chat, ResidentState.Unloaded);
        _server.Set(StarterModels.Chat, ResidentState.Ready);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == $"{StarterModels.Chat} Is Ready"));
        _server.Set(StarterModels.Chat, ResidentState.Failed, model => model with { Fault = "The engine failed." });
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "SmolLM2-135M-Instruct Could Not Be Loaded" && n.Body == "The engine failed."));
    }

    [Fact]
    public async Task A_hot_mac_starts_sparingly_and_says_so()
    {
        _conditions.Now.Returns(new Conditions { Thermal = ThermalState.Serious });
        Assert.Null(_app.State.Restraint);
        await _app.LaunchAsync();
        await _host.Received(1).StartAsync(Arg.Is<ServerSettings>(s => s.Threads == 4), Arg.Any<CancellationToken>());
        Assert.Equal(Restraint.Heat, _app.State.Restraint);
        await _app.PerformAsync(new MenuCommand.StopServer());
        Assert.Null(_app.State.Restraint);
    }

    [Fact]
    public async Task Low_power_takes_threads_from_a_server_that_runs_and_gives_them_back()
    {
        await _app.LaunchAsync();
        _server.Arrive();
        SetConditions(new Conditions { LowPower = true });
        Assert.Equal(4, _server.Plan?.Threads);
        Assert.Equal(Restraint.LowPower, _app.State.Restraint);
        SetConditions(default);
        Assert.Equal(7, _server.Plan?.Threads);
        Assert.Null(_app.State.Restraint);
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task Documents_that_are_dropped_before_the_server_runs_wait_for_it()
    {
        _app.Drop([new IngestionItem.FromText("a text")]);
        Assert.True(_app.State.Library!.Ingestion!.Paused);
        await _app.LaunchAsync();
        await Until.TrueAsync(() => _app.State.Library!.Ingestion is null, look => _app.Changed += look, look => _app.Changed -= look);
        await _server.Library.ReceivedWithAnyArgs(1).AddAsync(default!, default, default);
    }

    [Fact]
    public async Task The_app_is_kept_at_work_while_a_server_runs()
    {
        await _app.LaunchAsync();
        _platform.Received().KeepWorking(true);
        _platform.ClearReceivedCalls();
        await _app.PerformAsync(new MenuCommand.StopServer());
        _platform.Received().KeepWorking(false);
    }

    [Fact]
    public async Task A_model_says_how_far_it_is_loaded_and_that_it_is_unloaded()
    {
        await _app.LaunchAsync();
        Assert.Contains(_app.State.Models, model => model.Activity == new ModelActivity.Loading(0, 0));
        _server.Set(StarterModels.Chat, ResidentState.Loading, model => model with { Bytes = 10, TotalBytes = 40 });
        Assert.Contains(_app.State.Models, model => model is { Chosen: true, Activity: ModelActivity.Loading { Progress: 0.25 } });
        _server.Arrive();
        _server.UnloadingModel = (id, _) => Task.FromResult(new Unloading(id, UnloadEnd.Cancelled, 1));
        await _app.PerformAsync(new MenuCommand.UnloadModel(StarterModels.Chat));
        Assert.All(_app.State.Models, model => Assert.IsType<ModelActivity.Idle>(model.Activity));
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Body == "1 request to SmolLM2-135M-Instruct did not finish in time."));
    }

    [Fact]
    public async Task A_fault_can_be_mended_from_its_notification()
    {
        _host.StartAsync(default!, default).ReturnsForAnyArgs(_ => Task.FromException<IHostedServer>(new PortTakenException(8080, null)));
        await _app.LaunchAsync();
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Actions.Any(action => action.Command == new MenuCommand.StartOnFreePort())));
    }

    [Fact]
    public async Task A_link_adds_nothing_before_the_user_says_so()
    {
        await _app.LaunchAsync();
        _platform.ConfirmAsync(default!).ReturnsForAnyArgs(false, true);
        await _app.OpenAsync("impetus://add?url=https%3A%2F%2Fexample.org%2Fa%3Fb");
        Assert.Null(_app.State.Library!.Ingestion);
        await _server.Library.DidNotReceiveWithAnyArgs().AddAsync(default!, default, default);
        await _platform.Received(1).ConfirmAsync(Arg.Is<Confirmation>(c => c.Text.Contains("https://example.org/a?b")));

        await _app.OpenAsync("impetus://add?url=https%3A%2F%2Fexample.org%2Fa%3Fb");
        await Until.TrueAsync(() => _app.State.Library!.Ingestion is null, look => _app.Changed += look, look => _app.Changed -= look);
        await _server.Library.Received(1).AddAsync(
            new IngestionItem.FromWeb(new Uri("https://example.org/a?b")), Arg.Any<IProgress<(int Done, int Total)>>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_link_only_writes_a_question_in_and_a_wrong_one_is_said()
    {
        await _app.OpenAsync("impetus://ask?q=What%20is%20new%3F");
        _platform.Received(1).ShowAsk("What is new?");
        await _app.OpenAsync("impetus://quit");
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "A Link Could Not Be Opened" && n.Body.Contains("open, add and ask")));
        _platform.DidNotReceive().Quit();
        await _platform.DidNotReceiveWithAnyArgs().ConfirmAsync(default!);
    }

    [Fact]
    public async Task A_document_that_is_opened_with_the_app_is_added()
    {
        await _app.LaunchAsync();
        await _app.OpenAsync("/Users/ada/a.pdf");
        await Until.TrueAsync(() => _app.State.Library!.Ingestion is null, look => _app.Changed += look, look => _app.Changed -= look);
        await _server.Library.ReceivedWithAnyArgs(1).AddAsync(default!, default, default);
    }

    [Fact]
    public void Refusals_are_said_at_once_and_again_for_the_next_drop()
    {
        Assert.False(AppController.Accepts([new IngestionItem.FromDisk("/Users/ada/cat.png")]));
        Assert.Single(_app.Drop([new IngestionItem.FromDisk("/Users/ada/cat.png")]));
        Assert.Single(_app.Drop([new IngestionItem.FromDisk("/Users/ada/cat.png")]));
        _shown.Received(2).Show(Arg.Is<Notification>(n => n.Body.StartsWith("cat.png")));
    }

    [Fact]
    public async Task Short_memory_lets_documents_wait_until_it_is_over()
    {
        await _app.LaunchAsync();
        SetConditions(new Conditions { Memory = MemoryPressure.Warning });
        Assert.Empty(_app.Drop([new IngestionItem.FromText("a text")]));
        Assert.True(_app.State.LowMemory);
        Assert.True(_app.State.Library!.Ingestion!.Paused);
        await _server.Library.DidNotReceiveWithAnyArgs().AddAsync(default!, default, default);

        SetConditions(default);
        await Until.TrueAsync(() => _app.State.Library!.Ingestion is null, look => _app.Changed += look, look => _app.Changed -= look);
        await _server.Library.ReceivedWithAnyArgs(1).AddAsync(default!, default, default);
    }

    [Fact]
    public async Task Chosen_documents_are_added_and_refused_ones_said()
    {
        await _app.LaunchAsync();
        _platform.ChooseDocumentsAsync().Returns(["/Users/ada/a.pdf", "/Users/ada/b.png"]);
        await _app.PerformAsync(new MenuCommand.AddDocuments());
        await Until.TrueAsync(() => _app.State.Library!.Ingestion is null, look => _app.Changed += look, look => _app.Changed -= look);
        await _server.Library.Received(1).AddAsync(
            new IngestionItem.FromDisk("/Users/ada/a.pdf"), Arg.Any<IProgress<(int Done, int Total)>>(), Arg.Any<CancellationToken>());
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Body.StartsWith("b.png")));
    }

    [Fact]
    public async Task The_rest_of_the_menu_asks_the_desktop()
    {
        await _app.LaunchAsync();
        await _app.PerformAsync(new MenuCommand.OpenDashboard());
        _platform.Received(1).Open(new Uri("http://localhost:8080/dashboard"));
        await _app.PerformAsync(new MenuCommand.ShowLog());
        _platform.Received(1).Reveal(_home.Data.Logs);
        await _app.PerformAsync(new MenuCommand.OpenDataFolder());
        _platform.Received(1).Reveal(_home.Data.Path);
        await _app.PerformAsync(new MenuCommand.OpenLibraryFolder());
        _platform.Received(1).Reveal(_home.Data.Library);
        await _app.PerformAsync(new MenuCommand.AskQuestion("why?"));
        _platform.Received(1).ShowAsk("why?");
        await _app.PerformAsync(new MenuCommand.RevealDocument("/a"));
        _platform.Received(1).Reveal("/a");
        await _app.PerformAsync(new MenuCommand.ShowPreferences());
        _platform.Received(1).ShowPreferences();
        await _app.PerformAsync(new MenuCommand.ShowAbout());
        _platform.Received(1).ShowAbout();
        await _app.PerformAsync(new MenuCommand.Quit());
        _platform.Received(1).Quit();
    }

    [Fact]
    public async Task A_crash_is_shown_until_it_is_dismissed_and_the_welcome_once()
    {
        Assert.True(_app.State.LastRunCrashed);
        await _app.PerformAsync(new MenuCommand.AcknowledgeCrash());
        Assert.False(_app.State.LastRunCrashed);

        Assert.True(_app.State.FirstRun);
        await _app.PerformAsync(new MenuCommand.ShowWelcome());
        _platform.Received(1).ShowWelcome();
        Assert.False(_app.State.FirstRun);
    }

    [Fact]
    public void What_this_build_lacks_is_not_offered()
    {
        Assert.Equal(Services.Dashboard | Services.Preferences | Services.Questions, _app.State.Services);
        Assert.NotNull(_app.State.Library);
    }

    private void SetConditions(Conditions conditions)
    {
        _conditions.Now.Returns(conditions);
        _conditions.Changed += Raise.Event<Action>();
    }
}
