using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>The states that the app can be seen in, each under the name of its snapshot.</summary>
internal static class States
{
    private const long GB = 1_000_000_000;
    private static readonly Uri Address = new("http://localhost:8080/");
    private static readonly ModelFit Fits = new(2 * GB, 12 * GB);
    private static readonly ModelState Starter = new("HuggingFaceTB/SmolLM2-135M-Instruct", 76_200_000, Fits, new ModelActivity.Idle()) { Chosen = true };
    private static readonly ModelState Other = new("mlx-community/Qwen3-4B-4bit", 2_300_000_000, Fits, new ModelActivity.Idle());
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
        Benchmark = new BenchmarkState.Offered(),
        Figures = new(
            0, 0, new(412_000_000, 13 * GB, 0, 0, 336_000_000), [new("HuggingFaceTB/SmolLM2-135M-Instruct", 76_000_000, 0)], TimeSpan.FromMinutes(125)),
    };

    public static IReadOnlyDictionary<string, AppState> All { get; } = new Dictionary<string, AppState>(StringComparer.Ordinal)
    {
        ["first-run"] = Stopped with { FirstRun = true },
        ["stopped-after-crash"] = Stopped with { LastRunCrashed = true },
        ["no-model"] = Ready with { Models = [] },
        ["starting"] = Stopped with { Server = new ServerState.Starting() },
        ["loading"] = Ready with { Models = [Starter with { Activity = new ModelActivity.Loading(34_900_000, 76_200_000) }, Large] },
        ["loading-without-progress"] = Ready with { Models = [Starter with { Activity = new ModelActivity.Loading(0, 0) }, Large] },
        ["ready"] = Ready,
        ["ready-with-everything"] = Ready with
        {
            Services = Ready.Services | Services.Dashboard | Services.Questions | Services.Updates,
            Library = new(1234, null, [new("Handbook", "/Users/ada/Handbook.pdf"), new("Notes", "/Users/ada/notes.md")]),
            Mode = PerformanceMode.Performance,
            Restraint = Restraint.Heat,
            Benchmark = new BenchmarkState.Done("HuggingFaceTB/SmolLM2-135M-Instruct", 560.2, 914, 48.3),
        },
        ["measuring"] = Ready with { Benchmark = new BenchmarkState.Running(3, 8) },
        ["busy"] = Ready with
        {
            Models = [Starter with { Activity = new ModelActivity.Ready() }, Other with { Activity = new ModelActivity.Ready() }, Large],
            Figures = new(
                48.3,
                3,
                new(3_630_000_000, 13 * GB, 120_000_000, 610_000_000, 524_000_000),
                [new("HuggingFaceTB/SmolLM2-135M-Instruct", 76_000_000, 1), new("mlx-community/Qwen3-4B-4bit", 2_300_000_000, 2), new("nomic-ai/nomic-embed-text-v1.5", 140_000_000, 0)],
                TimeSpan.FromHours(50)),
        },
        ["switching-drains"] = Ready with
        {
            Models = [Starter with { Chosen = false, Activity = new ModelActivity.Leaving(2) }, Other with { Chosen = true }, Large],
            Switch = new("mlx-community/Qwen3-4B-4bit", "HuggingFaceTB/SmolLM2-135M-Instruct"),
        },
        ["switching-loads"] = Ready with
        {
            Models = [Starter with { Chosen = false }, Other with { Chosen = true, Activity = new ModelActivity.Loading(1_270_000_000, 2_300_000_000) }, Large],
            Switch = new("mlx-community/Qwen3-4B-4bit", "HuggingFaceTB/SmolLM2-135M-Instruct"),
        },
        ["switching-went-back"] = Ready with
        {
            Models =
            [
                Starter with { Activity = new ModelActivity.Ready() },
                Other with { Activity = new ModelActivity.Failed("The model mlx-community/Qwen3-4B-4bit cannot be loaded: model.safetensors is truncated.") },
                Large,
            ],
        },
        ["watching-folders"] = Ready with
        {
            Library = new(40, null, []) { Watched = [new("/Users/ada/Manuals", null), new("/Volumes/Archive", "There is no folder /Volumes/Archive.")] },
        },
        ["ingesting"] = Ready with { Library = new(40, new(2, 12, TimeSpan.FromSeconds(250), Paused: false), []) },
        ["ingesting-paused"] = Ready with { LowMemory = true, Library = new(40, new(2, 12, null, Paused: true), []) },
        ["stopping"] = Ready with { Server = new ServerState.Stopping(), Figures = null, Benchmark = null },
        ["model-failed"] = Ready with
        {
            Models = [Starter with { Chosen = false }, Large with { Fit = Fits, Chosen = true, Activity = new ModelActivity.Failed("model-00003-of-00004.safetensors is truncated. Download it again.") }],
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
