using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Management;

/// <summary>Loads models into the engine of the server. Thread safe.</summary>
public sealed class EngineModelLoader(ServerSettings settings, EngineHost host, ModelFolders folders, MemoryBudget memory) : IModelLoader
{
    // A quarter of the cache may be kept for prompts that begin alike, and no more than is worth it.
    private const int PrefixShare = 4;
    private const long MostPrefixBytes = 4_000_000_000;

    private int _batch = settings.Batch;

    /// <inheritdoc/>
    public IReadOnlyList<InstalledModel> Installed => [.. folders.Ids.Select(Find).OfType<InstalledModel>()];

    /// <inheritdoc/>
    public InstalledModel? Find(string id) => folders.Find(id) is { } folder ? new(id, ModelKinds.Of(folder), folder) : null;

    /// <inheritdoc/>
    public InstalledModel Resolve(string model)
    {
        var (id, folder) = folders.Resolve(model);
        return new(id, ModelKinds.Of(folder), folder);
    }

    /// <inheritdoc/>
    public Task<MemoryEstimate> EstimateAsync(InstalledModel model) => ExplainAsync(
        model, async () => MemoryEstimate.Read(model.Folder, BackendLayout.Of((await host.Engine).Device)));

    /// <inheritdoc/>
    public Task<LoadedModel> LoadAsync(InstalledModel model, long cacheBytes, IProgress<long> progress, CancellationToken cancel) => ExplainAsync(model, async () =>
    {
        var engine = await host.Engine;
        switch (model.Kind)
        {
            case ModelKind.Embedding:
                var embedder = await Embedder.LoadAsync(model.Folder, engine.Backend, engine.Thread, progress, cancel);
                return new LoadedModel(embedder, embedder.WeightBytes, engine.Backend.Name);
            case ModelKind.Reranking:
                var reranker = await Reranker.LoadAsync(model.Folder, engine.Backend, engine.Thread, progress, cancel);
                return new LoadedModel(reranker, reranker.WeightBytes, engine.Backend.Name);
            default:
                var chat = await ChatModel.LoadAsync(model.Folder, engine, settings.ContextTokens, Scheduling(cacheBytes, await EstimateAsync(model)), progress, cancel);
                return new LoadedModel(new EngineChatModel(model.Id, model.Folder, chat), chat.WeightBytes, engine.Backend.Name);
        }
    });

    /// <inheritdoc/>
    public async Task TrimAsync()
    {
        await (await host.Engine).TrimAsync();
        // Vocabularies and templates are .NET's; without this their pages would stay with the process until it is busy again.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Takes over what models that are loaded from now on write side by side (<see cref="ServerSettings.Batch"/>).</summary>
    public void Revise(ServerSettings settings) => Volatile.Write(ref _batch, settings.Batch);

    private SchedulerOptions Scheduling(long cacheBytes, MemoryEstimate estimate) => new()
    {
        CacheBytes = cacheBytes,
        Ledger = memory.Caches,
        PrefixCacheBytes = Math.Min(cacheBytes / PrefixShare, MostPrefixBytes),
        BytesPerToken = estimate.CacheBytesPerToken,
        MaxSequences = Volatile.Read(ref _batch),
    };

    private static async Task<T> ExplainAsync<T>(InstalledModel model, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is CheckpointException or TokenizerFormatException or InvalidDataException
            or BackendUnavailableException or IOException or NotSupportedException or OutOfMemoryException)
        {
            throw new ModelLoadException($"The model {model.Id} cannot be loaded: {fault.Message}", fault);
        }
    }
}
