using System.Collections.Concurrent;

namespace Impetus.Retrieval.Indexing;

/// <summary>The models in use, each with its batcher.</summary>
internal sealed class EmbeddingBatchers(IEmbeddingModels models, SearchPriority searches) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<EmbeddingModel, Lazy<EmbeddingBatcher>> _batchers = new();

    /// <summary>The model that a new collection gets.</summary>
    public ValueTask<EmbeddingModel> DefaultAsync(CancellationToken cancellationToken) => FindAsync(models.DefaultId, cancellationToken);

    /// <summary>The model with this id.</summary>
    public ValueTask<EmbeddingModel> FindAsync(string id, CancellationToken cancellationToken) => models.GetAsync(id, cancellationToken);

    /// <summary>The model that a collection remembers, checked to be what it was.</summary>
    public async ValueTask<EmbeddingModel> ModelAsync(string collection, string id, int dimensions, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(id, cancellationToken).ConfigureAwait(false);
        return model.Dimensions == dimensions
            ? model
            : throw new LibraryException(
                LibraryFault.Conflict,
                $"The collection \"{collection}\" holds vectors of {id} with {dimensions} dimensions; the installed model has {model.Dimensions}. "
                + "Reindex the collection, or install the model that it was made with.");
    }

    /// <summary>One unit vector a text.</summary>
    public async Task<float[][]> EmbedAsync(EmbeddingModel model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        await _batchers.GetOrAdd(model, key => new Lazy<EmbeddingBatcher>(() => new EmbeddingBatcher(key, searches))).Value
            .EmbedAsync(texts, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        foreach (var batcher in _batchers.Values.Where(batcher => batcher.IsValueCreated))
            await batcher.Value.DisposeAsync().ConfigureAwait(false);
    }
}
