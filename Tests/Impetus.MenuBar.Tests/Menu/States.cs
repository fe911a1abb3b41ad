using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>The states that the app can be seen in, each under the name of its snapshot.</summary>
internal static class States
{
    private const long GB = 1_000_000_000;
    private static readonly Uri Address = new("http://localhost:8080/");
    private static readonly ModelFit Fits = new(2 * GB, 12 * GB);
    private static readonly ModelState Starter = new("HuggingFaceTB/SmolLM2-135M-Instruct", 76_200_000, Fits, new ModelActivity.Idle());
    private static readonly ModelState Large = new("mlx-community/Qwen3-32B-4bit", 18_400_000_000, new(24 * GB, 12 * GB), new ModelActivity.Idle());

    private static readonly AppState Stopped = new()
    {
        Services = Services.ApiDocumentation | Services.Preferences | Services.Welcome,
        Models = [Starter, Large],
    };

    private static readonly AppState Ready = Stopped with
    {
        Server = new ServerState.Running(Address),
        Models = [Starter with { Activity = new ModelActivity.Ready() }, Large],
        Figures = new(0, 0, 412_000_000, TimeSpan.FromMinutes(125)),
    };

    public static IReadOnlyDictionary<string, AppState> All { get; } = new Dictionary<string, AppState>(StringComparer.Ordinal)
    {
        ["first-run"] = Stopped with { FirstRun = true },
        ["stopped-after-crash"] = Stopped with { LastRunCrashed = true },
        ["no-model"] = Ready with { Models = [] },
        ["starting"] = Stopped with { Server = new ServerState.Starting() },
        ["loading"] = Ready with { Models = [Starter with { Activity = new ModelActivity.Loading(0.457) }, Large] },
        ["loading-without-progress"] = Ready with { Models = [Starter with { Activity = new ModelActivity.Loading(null) }, Large] },
        ["ready"] = Ready,
        ["ready-with-everything"] = Ready with
        {
            Services = Ready.Services | Services.Dashboard | Services.Benchmark | Services.Questions | Services.Updates,
            Library = new(1234, null, [new("Handbook", "/Users/ada/Handbook.pdf"), new("Notes", "/Users/ada/notes.md")]),
            Mode = PerformanceMode.Performance,
            Restraint = Restraint.Heat,
        },
        ["busy"] = Ready with { Figures = new(48.3, 3, 1_630_000_000, TimeSpan.FromHours(50)) },
        ["ingesting"] = Ready with { Library = new(40, new(2, 12, TimeSpan.FromSeconds(250), Paused: false), []) },
        ["ingesting-paused"] = Ready with { LowMemory = true, Library = new(40, new(2, 12, null, Paused: true), []) },
        ["stopping"] = Ready with { Server = new ServerState.Stopping(), Figures = null },
        ["model-failed"] = Ready with
        {
            Models = [Starter, Large with { Fit = Fits, Activity = new ModelActivity.Failed("model-00003-of-00004.safetensors is truncated. Download it again.") }],
        },
        ["error-with-remedy"] = Stopped with
        {
            Server = new ServerState.Failed(new(
                "The Server Cannot Start",
                "The data directory /Volumes/Data cannot be used: the disk is full.",
                [Remedy.TryAgain, Remedy.ShowLog])),
        },
        ["port-taken"] = Stopped with
        {
            Server = new ServerState.Failed(new(
                "Port 8080 Is Taken",
                "Port 8080 is taken by 'ollama' (process 4711). Stop that program, or choose another port.",
                [Remedy.TryAgain, Remedy.UseFreePort])),
        },
        ["update-of-data-needed"] = Ready with
        {
            Library = new(0, null, []) { Fault = "The library was written by a newer Impetus. Update this one." },
        },
        ["update-available"] = Ready with { Services = Ready.Services | Services.Updates, Update = "2.1.0" },
        ["low-memory"] = Ready with { LowMemory = true },
        ["low-power"] = Ready with { Restraint = Restraint.LowPower, Mode = PerformanceMode.Efficiency },
    };
}
