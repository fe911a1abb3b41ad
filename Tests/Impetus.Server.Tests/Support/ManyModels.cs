using System.Collections.Concurrent;
using Impetus.Engine.Hub;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Tests.Support;

/// <summary>Chat models <c>m/a</c>, <c>m/b</c> … of a size each, and the memory that they take. Loads wait where a test holds them.</summary>
internal sealed class ManyModels(params (string Id, long Bytes)[] models) : IModelLoader, IMemoryProbe
{
    private readonly ConcurrentDictionary<string, long> _resident = [];

    /// <summary>What a size is multiplied by.</summary>
    public long Scale { get; set; } = 1;

    /// <summary>Completes when a load may go on; none waits unless a test sets it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Whether a load that is held can be cancelled.</summary>
    public bool Stoppable { get; set; } = true;

    public ConcurrentQueue<string> Loads { get; } = [];

    public ConcurrentDictionary<string, FakeChatModel> Loaded { get; } = [];

    public int Trims { get; private set; }

    public IReadOnlyList<InstalledModel> Installed => [.. models.Select(model => new InstalledModel(model.Id, ModelKind.Chat, ""))];

    public long FootprintBytes => _resident.Values.Sum();

    public long MachineBytes => 64L << 30;

    public long? ContainerBytes => null;

    public long? ProcessBytes => null;

    public long? AvailableBytes => null;

    public PressureLevel SystemPressure => PressureLevel.Normal;

    public InstalledModel? Find(string id) => Installed.FirstOrDefault(model => model.Id == id);

    public InstalledModel Resolve(string model) => Find(model) ?? throw new ModelLoadException($"There is no model '{model}'.");

    public Task<MemoryEstimate> EstimateAsync(InstalledModel model) => Task.FromResult(
        new MemoryEstimate { WeightBytes = Bytes(model), StoredBytes = Bytes(model), CacheBytesPerToken = 1, ContextLength = 1 });

    public async Task<LoadedModel> LoadAsync(InstalledModel model, long cacheBytes, IProgress<long> progress, CancellationToken cancel)
    {
        Loads.Enqueue(model.Id);
        progress.Report(Bytes(model) / 2);
        if (Hold is { } hold)
            await hold.Task.WaitAsync(Stoppable ? cancel : CancellationToken.None);
        progress.Report(Bytes(model));
        _resident[model.Id] = Bytes(model);
        var fake = Loaded[model.Id] = new FakeChatModel { Id = model.Id, WhenDisposed = () => _resident.TryRemove(model.Id, out _) };
        return new LoadedModel(fake, Bytes(model), "fake");
    }

    public Task TrimAsync()
    {
        Trims++;
        return Task.CompletedTask;
    }

    private long Bytes(InstalledModel model) => models.First(known => known.Id == model.Id).Bytes * Scale;
}
