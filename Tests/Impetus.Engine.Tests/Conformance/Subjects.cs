using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Backends.Cpu.Simd;
using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>The plain loops: what the goldens say of them, everything else stands on.</summary>
public sealed class ReferenceConformance : BackendConformance
{
    protected override bool BatchInvariant => true;

    protected override bool ForgetsBehindWindows => false;

    protected override IBackend CreateBackend() => new ReferenceBackend();
}

/// <summary>The CPU backend with one register width.</summary>
public abstract class CpuConformance(VectorWidth vectors, bool supported) : BackendConformance
{
    protected override bool BatchInvariant => true;

    protected override IBackend CreateBackend() => CreateBackend(2);

    protected override IBackend CreateBackend(int threads)
    {
        Assert.SkipUnless(supported, $"This processor has no {vectors}.");
        return new CpuBackend(new CpuOptions { Threads = threads, Vectors = vectors });
    }
}

public sealed class CpuScalarConformance() : CpuConformance(VectorWidth.Scalar, SimdScalar.IsSupported);

public sealed class Cpu128Conformance() : CpuConformance(VectorWidth.Bits128, Simd128.IsSupported);

public sealed class Cpu256Conformance() : CpuConformance(VectorWidth.Bits256, Simd256.IsSupported);

public sealed class Cpu512Conformance() : CpuConformance(VectorWidth.Bits512, Simd512.IsSupported);

/// <summary>MLX on the device that this machine has; its promise is agreement within rounding, not equal bits.</summary>
public sealed class MlxConformance : BackendConformance
{
    private IDisposable? _turn;

    public override void Dispose()
    {
        base.Dispose();
        _turn?.Dispose();
    }

    protected override IBackend CreateBackend()
    {
        _turn = TestBackends.TakeMlx();
        return new MlxBackend();
    }
}
