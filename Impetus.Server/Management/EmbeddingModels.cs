using Impetus.Engine;
using Impetus.Engine.Embedding;
using Impetus.Engine.Weights;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>
/// The embedding models and rerankers that requests name. One that is here is loaded when it is first named, and stays. Thread
/// safe.
/// </summary>
public sealed class EmbeddingModels(ModelFolders folders, EngineHost host) : IAsyncDisposable
{
    private readonly LoadedOnce<Embedder> _embedders = new();
    private readonly LoadedOnce<Reranker> _rerankers = new();

    /// <summary>The ids of all embedding models that are here.</summary>
    public IReadOnlyList<string> EmbedderIds => [.. folders.Ids.Where(id => Embedder.IsFor(folders.Find(id)!))];

    /// <summary>The ids of all rerankers that are here.</summary>
    public IReadOnlyList<string> RerankerIds => [.. folders.Ids.Where(id => Reranker.IsFor(folders.Find(id)!))];

    /// <summary>An embedding model by its id.</summary>
    /// <exception cref="ApiException">It is not here (404), is none (400), or cannot be loaded (500).</exception>
    public Task<Embedder> EmbedderAsync(string id, CancellationToken cancel)
    {
        string folder = folders.Find(id) ?? throw NotFound(id, EmbedderIds);
        if (!Embedder.IsFor(folder))
            throw ApiException.Invalid("model", $"{id} is not an embedding model. {There(EmbedderIds)}", "model_not_supported");
        return LoadAsync(_embedders, id, engine => Embedder.LoadAsync(folder, engine.Backend, engine.Thread), cancel);
    }

    /// <summary>A reranker by its id.</summary>
    /// <exception cref="ApiException">It is not here (404, or 400 where there is none at all), is none (400), or cannot be loaded (500).</exception>
    public Task<Reranker> RerankerAsync(string id, CancellationToken cancel)
    {
        var others = RerankerIds;
        if (others.Count == 0)
        {
            throw ApiException.Invalid(
                "model", "No reranker is installed, and an embedding model cannot stand in for one. Install a cross-encoder, " +
                "such as cross-encoder/ms-marco-MiniLM-L6-v2 or BAAI/bge-reranker-v2-m3, and name it here.", "no_reranker");
        }

        string folder = folders.Find(id) ?? throw NotFound(id, others);
        if (!Reranker.IsFor(folder))
            throw ApiException.Invalid("model", $"{id} is not a reranker. {There(others)}", "model_not_supported");
        return LoadAsync(_rerankers, id, engine => Reranker.LoadAsync(folder, engine.Backend, engine.Thread), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _embedders.DisposeAsync();
        await _rerankers.DisposeAsync();
    }

    private async Task<T> LoadAsync<T>(LoadedOnce<T> models, string id, Func<InferenceEngine, Task<T>> load, CancellationToken cancel)
        where T : IAsyncDisposable
    {
        try
        {
            return await models.GetAsync(id, async () => await load(await host.Engine)).WaitAsync(cancel);
        }
        catch (CheckpointException fault)
        {
            throw new ApiException(StatusCodes.Status500InternalServerError, $"The model {id} cannot be loaded: {fault.Message}", "model_load_failed", "model");
        }
    }

    private static ApiException NotFound(string id, IReadOnlyList<string> others) =>
        new(StatusCodes.Status404NotFound, $"The model '{id}' does not exist here. {There(others)}", "model_not_found", "model");

    private static string There(IReadOnlyList<string> ids) => ids.Count == 0 ? "There is none." : $"There is: {string.Join(", ", ids)}.";
}
