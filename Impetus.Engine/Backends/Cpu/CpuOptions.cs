namespace Impetus.Engine.Backends.Cpu;

/// <summary>How the CPU backend computes.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads that compute, the engine's own among them. 0: one per physical core.</summary>
    public int Threads { get; init; }

    /// <summary>The widest vectors to use; narrower ones are taken where the processor lacks them.</summary>
    public VectorWidth Vectors { get; init; } = VectorWidth.Bits512;
}

/// <summary>Which instruction set's registers the kernels are compiled for.</summary>
public enum VectorWidth
{
    /// <summary>No vectors: the same kernels, one number at a time.</summary>
    Scalar,

    /// <summary>AdvSimd on Arm64, SSE on x64.</summary>
    Bits128,

    /// <summary>AVX2 with FMA.</summary>
    Bits256,

    /// <summary>AVX-512 F, BW, DQ and VL.</summary>
    Bits512,
}
