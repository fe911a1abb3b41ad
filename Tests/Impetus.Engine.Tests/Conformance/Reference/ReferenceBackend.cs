using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>
/// The engine contract in plain loops: what every kernel is checked against, and what models are tested on. Values are f32,
/// sums are f64; nothing is fast.
/// </summary>
internal partial class ReferenceBackend : IBackend
{
    private readonly Stack<ReferenceScope> _scopes = new();

    public string Name => "reference";

    public BackendCounters Counters { get; } = new();

    public long ActiveBytes => 0;

    public BackendMemory Memory => new(ActiveBytes);

    public virtual bool RunsAhead => false;

    public void Trim()
    {
    }

    public LinearWeight LoadLinear(StoredLinear stored) => Load(stored);

    public EmbeddingWeight LoadEmbedding(StoredLinear stored) => new ReferenceEmbedding(Load(stored));

    public Tensor LoadTensor(StoredTensor stored, float offset = 0)
    {
        var shape = stored.Shape.Count switch
        {
            1 => new Shape(stored.Shape[0]),
            2 => new Shape(stored.Shape[0], stored.Shape[1]),
            _ => throw new NotSupportedException($"{stored.Name} has rank {stored.Shape.Count}; 1 or 2 was expected."),
        };
        return new ReferenceTensor(shape, [.. StoredValues.Dense(stored).Select(value => value + offset)]);
    }

    public void Free(Tensor loaded) => ((ReferenceTensor)loaded).Closed = true;

    public SequenceCache CreateCache(IReadOnlyList<LayerState> layers) => new ReferenceCache(layers);

    public Batch Begin(IReadOnlyList<BatchRow> rows, ReadOnlySpan<int> tokens, ReadOnlySpan<int> types = default)
    {
        var batch = new ReferenceBatch(rows, tokens.ToArray(), types.ToArray());
        Counters.Steps++;
        Counters.Tokens += batch.TokenCount;
        return batch;
    }

    public Batch Begin(IReadOnlyList<BatchRow> rows, Tensor tokens) => Begin(rows, ((ReferenceTensor)tokens).Ids);

    public IScope Scope()
    {
        var scope = new ReferenceScope(_scopes);
        _scopes.Push(scope);
        return scope;
    }

    public void Start(params ReadOnlySpan<Tensor> tensors)
    {
    }

    public void Read(Tensor tensor, Span<float> destination)
    {
        Counters.HostReads++;
        Values(tensor).CopyTo(destination);
    }

    public void Read(Tensor tensor, Span<int> destination)
    {
        Counters.HostReads++;
        ((ReferenceTensor)tensor).Ids.CopyTo(destination);
    }

    public void Dispose()
    {
    }

    private static ReferenceLinear Load(StoredLinear stored) =>
        new(stored.InFeatures, stored.OutFeatures, StoredValues.Matrix(stored), stored.Bias is { } bias ? StoredValues.Dense(bias) : null);

    private static float[] Values(Tensor tensor) => ((ReferenceTensor)tensor).Values;

    private static float[]? Values(Tensor? tensor, int length)
    {
        if (tensor is not null && tensor.Shape.Count != length)
            throw new ArgumentException($"A vector of {length} was expected, not {tensor.Shape}.");
        return tensor is null ? null : Values(tensor);
    }

    private ReferenceTensor New(Shape shape, float[] values) => Own(new ReferenceTensor(shape, values));

    private ReferenceTensor New(Shape shape, Func<int, float> value)
    {
        var values = new float[shape.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(i);
        return New(shape, values);
    }

    private ReferenceTensor Own(ReferenceTensor tensor)
    {
        if (_scopes.TryPeek(out var scope))
            scope.Add(tensor);
        return tensor;
    }
}
