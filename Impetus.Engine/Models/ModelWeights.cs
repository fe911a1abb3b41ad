using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// The weights of one model on a backend: loads them by name from a checkpoint and frees them all together, also when loading
/// stops half-way. Between two tensors it tells its progress and lets itself be cancelled. Engine thread only.
/// </summary>
public sealed class ModelWeights(ICheckpoint checkpoint, IBackend backend, IProgress<long>? progress = null, CancellationToken cancel = default)
    : IDisposable
{
    private readonly List<IDisposable> _weights = [];
    private readonly List<Tensor> _tensors = [];
    private long _loadedBytes;

    /// <summary>Where the weights live.</summary>
    public IBackend Backend => backend;

    /// <summary>Whether <c>name.weight</c> is in the checkpoint.</summary>
    public bool Has(string name) => checkpoint.Has(name);

    /// <summary>Whether a tensor of this full name is in the checkpoint.</summary>
    public bool HasTensor(string name) => checkpoint.TryGet(name, out _);

    /// <summary>A linear layer with all that belongs to it: <c>name.weight</c>, scales, biases, <c>name.bias</c>.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged.</exception>
    public LinearWeight Linear(string name)
    {
        var stored = Take(name);
        return Own(backend.LoadLinear(stored));
    }

    /// <summary>An embedding table.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged.</exception>
    public EmbeddingWeight Embedding(string name)
    {
        var stored = Take(name);
        return Own(backend.LoadEmbedding(stored));
    }

    /// <summary>A small dense tensor by its full name: norm weights, tables.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="offset">Added to every element.</param>
    /// <exception cref="CheckpointException">It is missing.</exception>
    public Tensor Tensor(string name, float offset = 0)
    {
        var stored = checkpoint.Get(name);
        Advance(stored.ByteLength);
        var tensor = backend.LoadTensor(stored, offset);
        _tensors.Add(tensor);
        return tensor;
    }

    /// <summary>Frees everything that was loaded.</summary>
    public void Dispose()
    {
        foreach (var weight in _weights)
            weight.Dispose();
        foreach (var tensor in _tensors)
            backend.Free(tensor);
        _weights.Clear();
        _tensors.Clear();
    }

    private StoredLinear Take(string name)
    {
        var stored = checkpoint.Linear(name);
        Advance(stored.Weight.ByteLength + (stored.Scales?.ByteLength ?? 0) + (stored.Biases?.ByteLength ?? 0) + (stored.Bias?.ByteLength ?? 0));
        return stored;
    }

    private T Own<T>(T weight)
        where T : IDisposable
    {
        _weights.Add(weight);
        return weight;
    }

    private void Advance(long bytes)
    {
        cancel.ThrowIfCancellationRequested();
        progress?.Report(_loadedBytes += bytes);
    }
}
