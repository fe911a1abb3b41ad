using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Impetus.Engine.Hub;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Hosting;
using NSubstitute;

namespace Impetus.MenuBar.Tests.App;

/// <summary>
/// The whole app but its looks: the real server with the starter models, and NSubstitute in the place of the Mac. Set <c>IMPETUS_ROUNDS</c> for
/// more rounds than five; with <c>-showLiveOutput</c>, each tells its number, the managed memory and the process's in KB.
/// </summary>
[Trait("Weights", "real")]
public sealed class RealAppTests : IAsyncDisposable
{
    private const string Second = "local/second";
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("IMPETUS_ROUNDS"), out int rounds) ? rounds : 5;
    private static readonly string Manual = Fixture.Path("documents", "reportlab_chapters.pdf");

    private readonly TemporaryData _home = new();
    private readonly INotifications _shown = Substitute.For<INotifications>();
    private readonly IPlatform _platform = Substitute.For<IPlatform>();
    private readonly IKeychain _keychain = Substitute.For<IKeychain>();
    private readonly TaskCompletionSource _failuresSaid = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WeakReference> _servers = [];

    public RealAppTests() => _shown.When(shown => shown.Show(Arg.Is<Notification>(n => n.Id == "documents.failed"))).Do(_ => _failuresSaid.TrySetResult());

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_starts_chats_reads_a_document_answers_from_it_switches_models_and_stops_again_and_again()
    {
        Directory.CreateDirectory(Path.Combine(_home.Data.Models, "local"));
        Directory.CreateSymbolicLink(Path.Combine(_home.Data.Models, Second), StarterModels.Find(StarterModels.Chat)!);
        var growth = new List<long>();
        await using var run = AppRun.Begin(_home.Data, Compose);
        var app = run.Controller;
        bool sideBySide = false;
        app.Changed += () => sideBySide |= app.State.Models.Count(model => model.Activity is not ModelActivity.Idle) > 1;
        for (int round = 0; round < Rounds; round++)
        {
            await app.PerformAsync(new MenuCommand.StartServer());
            await ReadyAsync(app, round % 2 == 0 ? StarterModels.Chat : Second);
            if (round == 0)
                Assert.Contains("Paris", await AskAsync(app, "What is the capital of France?"), StringComparison.Ordinal);

            Assert.Empty(app.Drop([new IngestionItem.FromDisk(Manual)]));
            await UntilAsync(app, () => app.State.Library is { Ingestion: null, Recent.Count: 1 });
            Assert.Contains("152", await AskAsync(app, "What aperture does the main refractor have?"), StringComparison.Ordinal);
            Assert.Equal(1, app.State.Library!.Documents);

            await app.PerformAsync(new MenuCommand.SwitchModel(round % 2 == 0 ? Second : StarterModels.Chat));
            await ReadyAsync(app, round % 2 == 0 ? Second : StarterModels.Chat);

            int port = ((ServerState.Running)app.State.Server).Address.Port;
            await app.PerformAsync(new MenuCommand.StopServer());
            Assert.IsType<ServerState.Stopped>(app.State.Server);
            using (var free = new TcpListener(System.Net.IPAddress.Loopback, port))
                free.Start();
            // What a substitute has heard, it keeps.
            foreach (object substitute in (object[])[_shown, _platform, _keychain])
                substitute.ClearReceivedCalls();
            growth.Add(GC.GetTotalMemory(forceFullCollection: true));
            TestContext.Current.TestOutputHelper?.WriteLine($"{round} {growth[^1] >> 10} {Environment.WorkingSet >> 10}");
        }

        Assert.False(sideBySide, "The old model was in memory when the new one was loaded.");
        Assert.Equal(Rounds, _servers.Count);
        Assert.True(_servers.Count(server => server.IsAlive) <= 1, "Servers that were stopped are still held.");
        // What the first rounds made for good (pools, compiled code, types) is not growth; what each later round adds would be.
        int half = Rounds / 2;
        Assert.True(
            growth[^1] - growth[half] < (Rounds - 1 - half) * (8L << 20), $"Managed memory grew: {string.Join(", ", growth.Select(bytes => bytes >> 10))} KB.");
    }

    [Fact]
    public async Task A_damaged_model_leaves_the_one_before_at_work_and_can_be_dismissed()
    {
        string damaged = Directory.CreateDirectory(Path.Combine(_home.Data.Models, "local", "damaged")).FullName;
        foreach (string file in Directory.EnumerateFiles(StarterModels.Find(StarterModels.Chat)!))
            File.Copy(file, Path.Combine(damaged, Path.GetFileName(file)));
        using (var weights = File.OpenWrite(Directory.EnumerateFiles(damaged, "*.safetensors").First()))
            weights.SetLength(1_000_000);
        await using var run = AppRun.Begin(_home.Data, Compose);
        var app = run.Controller;
        await app.PerformAsync(new MenuCommand.StartServer());
        await ReadyAsync(app, StarterModels.Chat);
        await app.PerformAsync(new MenuCommand.SwitchModel("local/damaged"));
        Assert.IsType<ModelActivity.Failed>(app.State.Models.Single(model => model.Id == "local/damaged").Activity);
        Assert.Contains("Paris", await AskAsync(app, "What is the capital of France?"), StringComparison.Ordinal);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "damaged Could Not Be Loaded" && n.Body.EndsWith("answers again.")));
        await app.PerformAsync(new MenuCommand.UnloadModel("local/damaged"));
        Assert.IsType<ModelActivity.Idle>(app.State.Models.Single(model => model.Id == "local/damaged").Activity);
    }

    [Fact]
    public async Task A_mode_is_in_force_in_the_server_that_runs_and_figures_tell_who_holds_what()
    {
        await using var run = AppRun.Begin(_home.Data, Compose);
        var app = run.Controller;
        await app.PerformAsync(new MenuCommand.StartServer());
        await ReadyAsync(app, StarterModels.Chat);
        await app.PerformAsync(new MenuCommand.SetMode(PerformanceMode.Performance));
        await ReadyAsync(app, StarterModels.Chat);
        Assert.Contains("Paris", await AskAsync(app, "What is the capital of France?"), StringComparison.Ordinal);
        Assert.Single(_servers);
        var figures = app.State.Figures!;
        Assert.True(Assert.Single(figures.Models).Bytes > 50_000_000);
        Assert.True(figures.Memory.Used > figures.Models[0].Bytes && figures.Memory.Kept > 0 && figures.Memory.Other > 0);
    }

    [Fact]
    public async Task The_model_is_measured_where_it_serves()
    {
        await using var run = AppRun.Begin(_home.Data, Compose);
        var app = run.Controller;
        await app.PerformAsync(new MenuCommand.RunBenchmark());
        await app.PerformAsync(new MenuCommand.StartServer());
        await app.PerformAsync(new MenuCommand.RunBenchmark());
        var done = Assert.IsType<BenchmarkState.Done>(app.State.Benchmark);
        Assert.True(done.FirstTokenMilliseconds > 0 && done.ReadPerSecond > 0 && done.WrittenPerSecond > 0);
        Assert.Equal(StarterModels.Chat, done.Model);
    }

    [Fact]
    public async Task Requests_of_other_programs_are_seen_without_looking()
    {
        await using var run = AppRun.Begin(_home.Data, Compose);
        var app = run.Controller;
        await app.PerformAsync(new MenuCommand.StartServer());
        await ReadyAsync(app, StarterModels.Chat);
        var busy = UntilAsync(app, () => app.State.Figures is { ActiveRequests: 1 });
        await using (var answer = app.AskAsync("Count to twenty.", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await answer.MoveNextAsync());
            await busy;
        }

        await UntilAsync(app, () => app.State.Figures is { ActiveRequests: 0 });
    }

    [Fact]
    public async Task A_folder_says_what_it_could_not_add_and_what_it_could_is_found()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_home.Path, "Manuals")).FullName;
        File.Copy(Manual, Path.Combine(folder, "manual.pdf"));
        File.WriteAllText(Path.Combine(folder, "note.md"), "# Boats\n\nThe blue boat is called Heron.");
        File.Copy(Fixture.Path("documents", "encrypted_user_password.pdf"), Path.Combine(folder, "secret.pdf"));
        await using var run = AppRun.Begin(_home.Data, Compose);
        var app = run.Controller;
        await app.PerformAsync(new MenuCommand.StartServer());
        app.Drop([new IngestionItem.FromDisk(folder), new IngestionItem.FromText("The harbour office opens at nine.")]);
        await UntilAsync(app, () => app.State.Library is { Ingestion: null, Documents: 3 });
        await _failuresSaid.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Id == "documents.failed" && n.Body.StartsWith("secret.pdf: ")));
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Id == "documents.added" && n.Title == "3 Documents Added"));
    }

    [Fact]
    public async Task A_folder_that_was_dropped_is_followed_after_a_restart_too_until_it_is_forgotten()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_home.Path, "Manuals")).FullName;
        void Write(string name) => File.WriteAllText(Path.Combine(folder, name), $"# {name}\n\nThe boat of {name} is called Heron.");
        Write("first.md");
        await using (var run = AppRun.Begin(_home.Data, ComposeWithBookmarks))
        {
            var app = run.Controller;
            await app.PerformAsync(new MenuCommand.StartServer());
            app.Drop([new IngestionItem.FromDisk(folder)]);
            await UntilAsync(app, () => app.State.Library is { Ingestion: null, Documents: 1, Watched: [{ Fault: null }] });
            Write("second.md");
            await UntilAsync(app, () => app.State.Library is { Documents: 2 });
            File.Delete(Path.Combine(folder, "first.md"));
            await UntilAsync(app, () => app.State.Library is { Documents: 1 });
        }

        File.Delete(Path.Combine(folder, "second.md"));
        Write("third.md");
        Write("fourth.md");
        await using (var run = AppRun.Begin(_home.Data, ComposeWithBookmarks))
        {
            var app = run.Controller;
            await app.LaunchAsync();
            await app.PerformAsync(new MenuCommand.StartServer());
            await UntilAsync(app, () => app.State.Library is { Documents: 2 });
            Assert.Equal([new(folder, null)], app.State.Library!.Watched);
            await app.PerformAsync(new MenuCommand.ForgetFolder(folder));
            Assert.Empty(app.State.Library!.Watched);
        }

        await using (var run = AppRun.Begin(_home.Data, ComposeWithBookmarks))
        {
            await run.Controller.LaunchAsync();
            Assert.Empty(run.Controller.State.Library!.Watched);
        }
    }

    [Fact]
    public async Task An_app_that_quits_while_it_adds_a_folder_goes_on_with_it_in_the_next_run()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_home.Path, "Logbooks")).FullName;
        foreach (string name in (string[])["first.txt", "second.txt"])
            File.WriteAllText(Path.Combine(folder, name), string.Concat(Enumerable.Range(0, 3_000).Select(i => $"In {name}, sentence {i} tells of the harbour and of boat {i % 97}.\n")));
        await using (var run = AppRun.Begin(_home.Data, Compose))
        {
            var app = run.Controller;
            await app.PerformAsync(new MenuCommand.StartServer());
            app.Drop([new IngestionItem.FromDisk(folder)]);
            // How many there are is known from the job, which is safe by then.
            await UntilAsync(app, () => app.State.Library is { Ingestion.Total: 2 });
        }

        await using (var run = AppRun.Begin(_home.Data, Compose))
        {
            await run.Controller.PerformAsync(new MenuCommand.StartServer());
            await UntilAsync(run.Controller, () => run.Controller.State.Library is { Documents: 2 });
        }
    }

    [Fact]
    public async Task A_document_whose_server_stops_is_added_when_another_one_runs()
    {
        string large = Path.Combine(_home.Path, "large.txt");
        File.WriteAllText(large, string.Concat(Enumerable.Range(0, 1_000).Select(i => $"Sentence number {i} tells of the harbour and of boat {i % 97}.\n")));
        var host = new ImpetusServerHost();
        var settings = new ServerSettings { Data = _home.Data, Port = 0 };
        var first = await host.StartAsync(settings, TestContext.Current.CancellationToken);
        var begun = new Began();
        var adding = first.Library.AddAsync(new IngestionItem.FromDisk(large), begun, TestContext.Current.CancellationToken);
        await begun.Task;
        await first.DisposeAsync();
        Assert.True((await adding).Postponed);

        File.Delete(large);
        await using var second = await host.StartAsync(settings, TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => second.Library.Documents == 1, look => second.Library.Changed += look, look => second.Library.Changed -= look);
    }

    [Fact]
    public async Task Without_a_server_there_is_no_answer_and_that_is_said()
    {
        await using var run = AppRun.Begin(_home.Data, Compose);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(run.Controller, "Hello?"));
        Assert.Contains("does not run", fault.Message, StringComparison.Ordinal);
    }

    private AppParts ComposeWithBookmarks(PreferencesStore preferences, bool lastRunCrashed) =>
        Compose(preferences, lastRunCrashed) with { Files = new FileGrants(new PathsAsBookmarks(), _home.Data) };

    private AppParts Compose(PreferencesStore preferences, bool lastRunCrashed)
    {
        preferences.Change(now => now with { Port = FreePort(), StartServerAtLaunch = false });
        _keychain.Read().Returns("sk-impetus-0123456789");
        var host = Substitute.For<IServerHost>();
        var real = new ImpetusServerHost();
        host.StartAsync(default!, default).ReturnsForAnyArgs(async call =>
        {
            var server = await real.StartAsync(call.Arg<ServerSettings>(), call.Arg<CancellationToken>());
            _servers.Add(new(server));
            host.ClearReceivedCalls();
            return server;
        });
        return new()
        {
            Data = _home.Data,
            Strings = new Strings(new CultureInfo("en")),
            Preferences = preferences,
            Host = host,
            Platform = _platform,
            Keychain = _keychain,
            Notifications = _shown,
            Conditions = new AtEase(),
            Machine = new(2, 16L << 30),
            LastRunCrashed = lastRunCrashed,
            HasQuestionWindow = true,
        };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task ReadyAsync(AppController app, string model) =>
        UntilAsync(app, () => app.State.Models.Any(m => m.Id == model && m.Activity is ModelActivity.Ready));

    private static Task UntilAsync(AppController app, Func<bool> condition) =>
        Until.TrueAsync(condition, look => app.Changed += look, look => app.Changed -= look);

    private static async Task<string> AskAsync(AppController app, string question)
    {
        var answer = new StringBuilder();
        await foreach (string piece in app.AskAsync(question, TestContext.Current.CancellationToken))
            answer.Append(piece);
        return answer.ToString();
    }

    private sealed class PathsAsBookmarks : IBookmarks
    {
        public byte[] Create(string path) => Encoding.UTF8.GetBytes(path);

        public IBookmarkAccess Open(byte[] bookmark) => new Access(Encoding.UTF8.GetString(bookmark));

        private sealed record Access(string Path) : IBookmarkAccess
        {
            public bool IsStale => false;

            public void Dispose()
            {
            }
        }
    }

    // Asked for every state, a substitute would keep thousands of calls.
    private sealed class AtEase : IConditions
    {
        public Conditions Now => default;

        public event Action Changed
        {
            add { }
            remove { }
        }
    }

    private sealed class Began : TaskCompletionSource, IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => TrySetResult();
    }
}
