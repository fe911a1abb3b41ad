using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// The weights of one model on a backend: loads them by name from a checkpoint and frees them all together, also when loading
/// stops half-way. Between two tensors it tells its progress and lets itself be cancelled. Engine thread only.
/// </summary>
/// <param name="checkpoint">Where they are stored; needed while they are loaded.</param>
/// <param name="backend">Where they are to live.</param>
/// <param name="progress">Is told how many of the stored bytes were taken over.</param>
/// <param name="between">Called between two tensors, so that others can work.</param>
/// <param name="cancel">Stops loading between two tensors.</param>
public sealed class ModelWeights(
    ICheckpoint checkpoint, IBackend backend, IProgress<long>? progress = null, Action? between = null, CancellationToken cancel = default)
    : IDisposable
{
    private readonly List<IDisposable> _weights = [];
    private readonly List<Tensor> _tensors = [];
    private long _loadedBytes;

    /// <summary>Where the weights live.</summary>
    public IBackend Backend => backend;

    /// <summary>Bytes that the backend holds for them, once they are loaded.</summary>
    public long Bytes { get; private set; }

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

    /// <summary>A linear layer whose size and bias the configuration gives.</summary>
    /// <param name="name">The module's path.</param>
    /// <param name="inFeatures">Columns.</param>
    /// <param name="outFeatures">Rows.</param>
    /// <param name="bias">Whether one is added: it must be there, or is left out if the file has one all the same.</param>
    /// <exception cref="CheckpointException">It is missing, damaged or of another size.</exception>
    public LinearWeight Linear(string name, int inFeatures, int outFeatures, bool bias = true) =>
        Rows(name, inFeatures, outFeatures, 0, outFeatures, bias);

    /// <summary>Rows of a linear layer: one of several that the checkpoint stores as one.</summary>
    /// <param name="name">The module's path.</param>
    /// <param name="inFeatures">Columns.</param>
    /// <param name="outFeatures">Rows of the whole.</param>
    /// <param name="first">The first row to take.</param>
    /// <param name="count">How many rows to take.</param>
    /// <param name="bias">As in <see cref="Linear(string, int, int, bool)"/>.</param>
    /// <exception cref="CheckpointException">It is missing, damaged or of another size.</exception>
    public LinearWeight Rows(string name, int inFeatures, int outFeatures, int first, int count, bool bias = true)
    {
        var stored = checkpoint.Linear(name);
        if (stored.InFeatures != inFeatures || stored.OutFeatures != outFeatures)
            throw Misfit(name + ".weight", $"({stored.OutFeatures}, {stored.InFeatures})", $"({outFeatures}, {inFeatures})");
        if (bias && stored.Bias is null)
            throw new CheckpointException($"Tensor '{name}.bias' is missing.");
        stored = (bias ? stored : stored with { Bias = null }).Rows(first, count);
        Advance(stored.ByteLength);
        return Own(backend.LoadLinear(stored));
    }

    /// <summary>An embedding table whose size the configuration gives.</summary>
    /// <exception cref="CheckpointException">It is missing, damaged or of another size.</exception>
    public EmbeddingWeight Embedding(string name, int count, int width)
    {
        var stored = checkpoint.Linear(name);
        if (stored.InFeatures != width || stored.OutFeatures != count)
            throw Misfit(name + ".weight", $"({stored.OutFeatures}, {stored.InFeatures})", $"({count}, {width})");
        Advance(stored.ByteLength);
        return Own(backend.LoadEmbedding(stored));
    }

    /// <summary>An embedding table that is stored, dense, under a full name of its own.</summary>
    /// <exception cref="CheckpointException">It is missing or no dense matrix.</exception>
    public EmbeddingWeight Table(string name)
    {
        var stored = checkpoint.Get(name);
        if (stored.Shape.Count != 2 || stored.Count == 0 || stored.Type is not (DType.F32 or DType.F16 or DType.BF16))
        {
            throw new CheckpointException(
                $"Tensor '{name}' is ({string.Join(", ", stored.Shape)}) of type {stored.Type}; a table of F32, F16 or BF16 is expected.");
        }

        Advance(stored.ByteLength);
        return Own(backend.LoadEmbedding(new StoredLinear(stored)));
    }

    /// <summary>A small dense tensor whose size the configuration gives.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="shape">Its extents.</param>
    /// <param name="offset">Added to every element.</param>
    /// <exception cref="CheckpointException">It is missing or of another size.</exception>
    public Tensor Tensor(string name, Shape shape, float offset = 0)
    {
        var stored = checkpoint.Get(name);
        if (stored.Shape.Count != shape.Rank || !stored.Shape.Select((extent, axis) => extent == shape[axis]).All(fits => fits))
            throw Misfit(name, $"({string.Join(", ", stored.Shape)})", shape.ToString());
        return Tensor(name, offset);
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
        Bytes += tensor.Shape.Count * tensor.Type.Size();
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
        Bytes = 0;
    }

    private StoredLinear Take(string name)
    {
        var stored = checkpoint.Linear(name);
        Advance(stored.ByteLength);
        return stored;
    }

    private LinearWeight Own(LinearWeight weight)
    {
        _weights.Add(weight);
        Bytes += weight.Bytes;
        return weight;
    }

    private EmbeddingWeight Own(EmbeddingWeight weight)
    {
        _weights.Add(weight);
        Bytes += weight.Tied.Bytes;
        return weight;
    }

    private static CheckpointException Misfit(string name, string found, string expected) =>
        new($"Tensor '{name}' has shape {found}; the configuration asks for {expected}.");

    private void Advance(long bytes)
    {
        if (_loadedBytes > 0)
            between?.Invoke();
        cancel.ThrowIfCancellationRequested();
        progress?.Report(_loadedBytes += bytes);
    }
}
