namespace Impetus.Engine.Backends.Cpu;

/// <summary>How the CPU backend computes.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads that compute, the engine's own among them. 0: one per physical core.</summary>
    public int Threads { get; init; }

    /// <summary>The widest vectors to use; narrower ones are taken where the processor lacks them.</summary>
    public VectorWidth Vectors { get; init; } = VectorWidth.Bits512;

    /// <summary>Whether activations may be rounded where that is faster.</summary>
    public Precision Precision { get; init; } = Precision.Exact;
}

/// <summary>How products with quantised weights are computed.</summary>
public enum Precision
{
    /// <summary>In f32. A row's bits depend on nothing but its own sequence.</summary>
    Exact,

    /// <summary>
    /// Where few rows meet weights of 4 or 8 bits, as in decoding, activations are rounded to 16 bits per group, and the sums
    /// are sums of integers. Many rows are computed exactly, so a row's bits depend on how many there are.
    /// </summary>
    Fast,
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
