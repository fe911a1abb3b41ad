using Impetus.Engine.Backends.Cpu.Kernels;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Panels and an optional bias. Counted in its owner's bytes until it is disposed.</summary>
internal sealed class CpuLinear : LinearWeight
{
    private readonly Action<long> _count;
    private bool _disposed;

    public CpuLinear(PanelMatrix panels, float[]? bias, Action<long> count)
        : base(panels.InFeatures, panels.OutFeatures)
    {
        (Panels, Bias, _count) = (panels, bias, count);
        count(Bytes);
    }

    public PanelMatrix Panels { get; }

    public float[]? Bias { get; }

    public override long Bytes => Panels.Bytes + ((Bias?.Length ?? 0) * sizeof(float));

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        Panels.Dispose();
        _count(-Bytes);
    }
}

/// <summary>A table, kept as the panels of the head that it may also be.</summary>
internal sealed class CpuEmbedding(CpuLinear tied) : EmbeddingWeight(tied.OutFeatures, tied.InFeatures)
{
    public PanelMatrix Panels => tied.Panels;

    public override LinearWeight Tied => tied;

    protected override void Dispose(bool disposing) => tied.Dispose();
}
