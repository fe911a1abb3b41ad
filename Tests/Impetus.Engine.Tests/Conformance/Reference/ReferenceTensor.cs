using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>Row-major numbers, or ids, in a managed array. Touching one whose scope has closed throws.</summary>
internal sealed class ReferenceTensor : Tensor
{
    private readonly float[]? _values;
    private readonly int[]? _ids;

    public ReferenceTensor(Shape shape, float[] values)
        : base(shape, DType.F32) => _values = values;

    public ReferenceTensor(int[] ids)
        : base(new Shape(ids.Length), DType.I32) => _ids = ids;

    public bool Closed { get; set; }

    public float[] Values => Open(_values);

    public int[] Ids => Open(_ids);

    private T[] Open<T>(T[]? data)
    {
        ObjectDisposedException.ThrowIf(Closed, this);
        return data ?? throw new InvalidOperationException($"A tensor of {Type} was used as the other kind.");
    }
}

/// <summary>Knows which tensors die with it, so that a model which forgets to keep one fails at once.</summary>
internal sealed class ReferenceScope(Stack<ReferenceScope> open) : IScope
{
    private readonly List<ReferenceTensor> _tensors = [];

    public void Add(ReferenceTensor tensor) => _tensors.Add(tensor);

    public Tensor Keep(Tensor tensor, Tensor? insteadOf)
    {
        var kept = (ReferenceTensor)tensor;
        var outer = open.Skip(1).FirstOrDefault();
        if (_tensors.Remove(kept))
            outer?.Add(kept);
        if (insteadOf is ReferenceTensor old && old != kept && outer?._tensors.Remove(old) == true)
            old.Closed = true;
        return kept;
    }

    public void Dispose()
    {
        if (!open.TryPop(out var innermost) || innermost != this)
            throw new InvalidOperationException("Scopes close in the reverse order of their opening.");
        foreach (var tensor in _tensors)
            tensor.Closed = true;
    }
}
