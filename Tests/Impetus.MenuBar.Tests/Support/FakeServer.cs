using Impetus.Engine.Hub;
using Impetus.MenuBar.App;
using Impetus.Server.Management;
using Impetus.Server.Observability;
using NSubstitute;

namespace Impetus.MenuBar.Tests.Support;

/// <summary>A server whose every turn the test decides.</summary>
internal sealed class FakeServer : IHostedServer
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResidentModel> _models = new(StringComparer.Ordinal);

    public FakeServer() => Library.AddAsync(default!, default, default).ReturnsForAnyArgs(new Ingested(1, [], false));

    /// <summary>The first model's arrival.</summary>
    public TaskCompletionSource Loading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What stopping gives; by default all requests finish at once.</summary>
    public Func<CancellationToken, Task<bool>> Stopping { get; set; } = _ => Task.FromResult(true);

    /// <summary>What loading a model takes; by default it is there at once.</summary>
    public Func<string, CancellationToken, Task> LoadingModel { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What unloading a model takes; by default it has no requests.</summary>
    public Func<string, TimeSpan, Task<Unloading>> UnloadingModel { get; set; } = (id, _) => Task.FromResult(new Unloading(id, UnloadEnd.Idle));

    /// <summary>What measuring a model takes.</summary>
    public Func<string, IProgress<int>, CancellationToken, Task<ModelSpeed>> Measuring { get; set; } =
        (id, _, _) => Task.FromResult(new ModelSpeed(id, 512, 560.2, 914, 48.3));

    /// <summary>What happened to models, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The last plan that it was told.</summary>
    public PerformancePlan? Plan { get; private set; }

    public bool Disposed { get; private set; }

    public Uri Address => new("http://localhost:8080/");

    public string Key => "sk-impetus-test";

    public string FirstModel { get; set; } = StarterModels.Chat;

    public Task FirstModelLoaded => Loading.Task;

    public IReadOnlyList<ResidentModel> Models
    {
        get
        {
            lock (_lock)
                return [.. _models.Values];
        }
    }

    public event Action? Changed;

    public ServerStatus Status { get; set; } = new("ready", null, "2.0.0", 180, new(6L << 30, "machine", 1L << 30, 5L << 30, "normal", 0, 0, 0, 1L << 30), new(0, 0, 0), new(0, 0), [], []);

    public IDocumentIngestor Library { get; } = Substitute.For<IDocumentIngestor>();

    public Task Ended => Running.Task;

    /// <summary>The first model is there.</summary>
    public void Arrive()
    {
        Set(FirstModel, ResidentState.Ready);
        Loading.TrySetResult();
    }

    /// <summary>A model comes or goes.</summary>
    public void Set(string id, ResidentState state, Func<ResidentModel, ResidentModel>? more = null)
    {
        var model = new ResidentModel(id, ModelKind.Chat, state);
        lock (_lock)
        {
            if (state == ResidentState.Unloaded)
                _models.Remove(id);
            else
                _models[id] = more?.Invoke(model) ?? model;
        }

        Changed?.Invoke();
    }

    public async Task LoadModelAsync(string id, CancellationToken cancel)
    {
        Note($"load {id}");
        Set(id, ResidentState.Loading);
        try
        {
            await LoadingModel(id, cancel);
        }
        catch (Exception fault)
        {
            Set(id, fault is OperationCanceledException ? ResidentState.Unloaded : ResidentState.Failed, model => model with { Fault = fault.Message });
            throw;
        }

        Set(id, ResidentState.Ready);
    }

    public async Task<Unloading> UnloadModelAsync(string id, TimeSpan drain)
    {
        Note($"unload {id}");
        if (Models.FirstOrDefault(model => model.Id == id) is { State: ResidentState.Ready })
            Set(id, ResidentState.Unloading, model => model with { InFlight = 1 });
        var outcome = await UnloadingModel(id, drain);
        Set(id, ResidentState.Unloaded);
        return outcome;
    }

    public Task ReviseAsync(PerformancePlan plan)
    {
        Plan = plan;
        return Task.CompletedTask;
    }

    public Task<ModelSpeed> MeasureAsync(string id, IProgress<int> progress, CancellationToken cancel) => Measuring(id, progress, cancel);

    public Task<bool> StopAsync(CancellationToken hurry) => Stopping(hurry);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        Loading.TrySetCanceled();
        Running.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private void Note(string happened)
    {
        lock (_lock)
            Log.Add(happened);
    }
}
