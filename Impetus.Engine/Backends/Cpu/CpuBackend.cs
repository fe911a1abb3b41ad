using System.Runtime.InteropServices;
using Impetus.Engine.Backends.Cpu.Kernels;
using Impetus.Engine.Backends.Cpu.Memory;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>
/// The engine contract on the CPU, in f32 over f32, f16, bf16 and quantised weights. A row's bits depend neither on the other
/// rows of its step, nor on how a prompt is cut into steps, nor on the number of threads. <see cref="Precision.Fast"/> gives
/// that up.
/// </summary>
public sealed unsafe partial class CpuBackend : IBackend
{
    private readonly CpuKernels _kernels;
    private readonly WorkCrew _crew;
    private readonly BufferPool _pool = new();
    private readonly ScopeStack _scopes = new();
    private readonly CacheMemory _caches = new();
    private readonly Dictionary<RopeFrequencies, RopeTable> _ropes = [];
    private readonly RowSampler _sampler = new();
    private readonly bool _rounds;
    private readonly nint[] _scratch;
    private long _scratchFloats;
    private long _weightBytes;

    /// <summary>Starts the threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is negative or above 256.</exception>
    public CpuBackend(CpuOptions? options = null)
    {
        options ??= new CpuOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, 256);
        NativeHeap.MapLargeBlocks();
        _kernels = CpuKernels.Create(options.Vectors);
        _rounds = options.Precision == Precision.Fast;
        _crew = new WorkCrew(options.Threads == 0 ? PhysicalCores.Count : options.Threads);
        _scratch = new nint[_crew.Count];
        RequireScratch(CpuKernels.ProjectScratch + (2 * TileSize));
    }

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <inheritdoc/>
    public BackendCounters Counters { get; } = new();

    /// <inheritdoc/>
    public long ActiveBytes => _weightBytes + _caches.Bytes + _pool.Bytes + (_scratch.Length * _scratchFloats * sizeof(float));

    /// <inheritdoc/>
    public BackendMemory Memory => new(ActiveBytes);

    /// <inheritdoc/>
    public bool RunsAhead => false;

    /// <inheritdoc/>
    public void Trim()
    {
        _pool.Trim();
        // Those of models that have gone, too. The others make theirs anew.
        _ropes.Clear();
        NativeHeap.Trim();
    }

    /// <summary>Threads that compute.</summary>
    public int Threads => _crew.Limit;

    /// <inheritdoc/>
    public void LimitThreads(int? most) => _crew.Limit = most ?? _crew.Count;

    /// <inheritdoc/>
    public LinearWeight LoadLinear(StoredLinear stored) => Load(stored);

    /// <inheritdoc/>
    public EmbeddingWeight LoadEmbedding(StoredLinear stored) => new CpuEmbedding(Load(stored));

    /// <inheritdoc/>
    public Tensor LoadTensor(StoredTensor stored, float offset = 0)
    {
        var shape = stored.Shape.Count switch
        {
            1 => new Shape(stored.Shape[0]),
            2 => new Shape(stored.Shape[0], stored.Shape[1]),
            _ => throw new NotSupportedException($"{stored.Name} has rank {stored.Shape.Count}; 1 or 2 was expected."),
        };
        var tensor = new CpuTensor(shape, DType.F32, new SharedBuffer(_pool, shape.Count * sizeof(float)));
        for (var i = 0L; i < shape.Count; i++)
            tensor.Data[i] = PanelReader.Number(stored.Data, stored.Type, i) + offset;
        return tensor;
    }

    /// <inheritdoc/>
    public void Free(Tensor loaded)
    {
        var tensor = Own(loaded, loaded.Type);
        if (tensor.Depth > 0)
            throw new InvalidOperationException("The tensor lives in a scope, which will free it.");
        tensor.Buffer.Release();
    }

    /// <inheritdoc/>
    public SequenceCache CreateCache(IReadOnlyList<LayerState> layers) => new CpuCache(_caches, layers);

    /// <inheritdoc/>
    public Batch Begin(IReadOnlyList<BatchRow> rows, ReadOnlySpan<int> tokens, ReadOnlySpan<int> types = default)
    {
        var batch = new CpuBatch(rows, tokens.ToArray(), types.ToArray());
        Counters.Steps++;
        Counters.Tokens += batch.TokenCount;
        return batch;
    }

    /// <inheritdoc/>
    public Batch Begin(IReadOnlyList<BatchRow> rows, Tensor tokens) =>
        Begin(rows, new ReadOnlySpan<int>(Own(tokens, DType.I32).Ids, tokens.Shape[0]));

    /// <inheritdoc/>
    public IScope Scope() => _scopes.Open();

    /// <inheritdoc/>
    public Tensor Sample(Tensor logits, ReadOnlySpan<SampleRow> rows)
    {
        var width = logits.Shape[-1];
        var data = Own(logits).Data;
        if (rows.Length != logits.Shape.Vectors)
            throw new ArgumentException($"There are {logits.Shape.Vectors} rows of logits for {rows.Length} to sample.", nameof(rows));
        var ids = New(new Shape(rows.Length), DType.I32);
        for (var row = 0; row < rows.Length; row++)
        {
            var line = data + ((long)row * width);
            ids.Ids[row] = _sampler.Choose(new ReadOnlySpan<float>(line, width), _kernels.ArgMax(line, width), rows[row]);
        }

        return ids;
    }

    /// <inheritdoc/>
    public void Start(params ReadOnlySpan<Tensor> tensors)
    {
    }

    /// <inheritdoc/>
    public void Read(Tensor tensor, Span<float> destination)
    {
        Counters.HostReads++;
        new ReadOnlySpan<float>(Own(tensor).Data, checked((int)tensor.Shape.Count)).CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Read(Tensor tensor, Span<int> destination)
    {
        Counters.HostReads++;
        new ReadOnlySpan<int>(Own(tensor, DType.I32).Ids, checked((int)tensor.Shape.Count)).CopyTo(destination);
    }

    /// <summary>Stops the threads and frees all tensors. Weights and caches are their owners' to dispose.</summary>
    public void Dispose()
    {
        _crew.Dispose();
        _pool.Dispose();
        for (var i = 0; i < _scratch.Length; i++)
        {
            NativeMemory.AlignedFree((void*)_scratch[i]);
            _scratch[i] = 0;
        }
    }

    private static CpuTensor Own(Tensor tensor, DType type = DType.F32)
    {
        if (tensor is not CpuTensor own)
            throw new ArgumentException("The tensor belongs to another backend.", nameof(tensor));
        if (own.Type != type)
            throw new ArgumentException($"A tensor of {type} was expected, not of {own.Type}.", nameof(tensor));
        return own;
    }

    private static float* Vector(Tensor? tensor, int length)
    {
        if (tensor is not null && tensor.Shape.Count != length)
            throw new ArgumentException($"A vector of {length} was expected, not {tensor.Shape}.", nameof(tensor));
        return tensor is null ? null : Own(tensor).Data;
    }

    private CpuLinear Load(StoredLinear stored)
    {
        float[]? bias = null;
        if (stored.Bias is { } storedBias)
        {
            bias = new float[stored.OutFeatures];
            for (var i = 0; i < bias.Length; i++)
                bias[i] = PanelReader.Number(storedBias.Data, storedBias.Type, i);
        }

        return new CpuLinear(PanelMatrix.Pack(stored, _crew), bias, bytes => _weightBytes += bytes);
    }

    private CpuTensor New(Shape shape, DType type = DType.F32) =>
        _scopes.Add(new CpuTensor(shape, type, new SharedBuffer(_pool, shape.Count * type.Size())));

    /// <summary>Gives every worker at least so many floats of its own.</summary>
    private void RequireScratch(long floats)
    {
        if (floats <= _scratchFloats)
            return;
        _scratchFloats = floats;
        for (var i = 0; i < _scratch.Length; i++)
            _scratch[i] = (nint)NativeMemory.AlignedRealloc((void*)_scratch[i], (nuint)(floats * sizeof(float)), 64);
    }
}
