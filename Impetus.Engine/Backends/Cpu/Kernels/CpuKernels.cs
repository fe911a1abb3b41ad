using Impetus.Engine.Backends.Cpu.Simd;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>All kernels, compiled for one register width. Thread safe: they touch what they are given.</summary>
internal abstract unsafe class CpuKernels
{
    /// <summary>The most rows that <see cref="Project"/> takes at once.</summary>
    public const int MaxRows = 512;

    /// <summary>The most panels that <see cref="Project"/> takes at once.</summary>
    public const int MaxPanels = 2;

    /// <summary>Floats of scratch memory that <see cref="Project"/> needs.</summary>
    public const int ProjectScratch = MaxPanels * ChunkDepth * PanelMatrix.Lanes;

    /// <summary>Inputs of a panel that are unpacked at once: 32 KB of floats, which measured 1 to 3 % faster than 128 KB.</summary>
    protected const int ChunkDepth = 256;

    /// <summary>The kernels for the widest registers that this processor has, up to <paramref name="limit"/>.</summary>
    public static CpuKernels Create(VectorWidth limit) => limit switch
    {
        VectorWidth.Bits512 when Simd512.IsSupported => new CpuKernels<Simd512, System.Runtime.Intrinsics.Vector512<float>, System.Runtime.Intrinsics.Vector512<uint>>(),
        >= VectorWidth.Bits256 when Simd256.IsSupported => new CpuKernels<Simd256, System.Runtime.Intrinsics.Vector256<float>, System.Runtime.Intrinsics.Vector256<uint>>(),
        >= VectorWidth.Bits128 when Simd128.IsSupported => new CpuKernels<Simd128, System.Runtime.Intrinsics.Vector128<float>, System.Runtime.Intrinsics.Vector128<uint>>(),
        _ => new CpuKernels<SimdScalar, float, uint>(),
    };

    /// <summary>tile[r, ·] = x[r, ·] · panelsᵀ: 32 columns a panel, those past the matrix's last output among them.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="panels">How many, at most <see cref="MaxPanels"/>.</param>
    /// <param name="x">The first row.</param>
    /// <param name="rows">How many, at most <see cref="MaxRows"/>.</param>
    /// <param name="tile">Rows of 32 · <see cref="MaxPanels"/> numbers.</param>
    /// <param name="scratch"><see cref="ProjectScratch"/> floats.</param>
    public abstract void Project(PanelMatrix matrix, int firstPanel, int panels, float* x, int rows, float* tile, float* scratch);

    /// <summary>Rounds rows for <see cref="ProjectRounded"/>.</summary>
    public abstract void Round(float* x, int rows, RoundedRows rounded);

    /// <summary>As <see cref="Project"/>, one panel of affine codes of 4 or 8 bits, with rounded rows.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="x">The rows, rounded for the matrix's groups and bits.</param>
    /// <param name="rows">How many, at most <see cref="RoundedRows.MaxRows"/>.</param>
    /// <param name="tile">Rows of 32 · <see cref="MaxPanels"/> numbers.</param>
    public abstract void ProjectRounded(PanelMatrix matrix, int panel, RoundedRows x, int rows, float* tile);

    /// <summary>y = x / rms(x) ∘ weight for one row; no weight is all ones.</summary>
    public abstract void RmsNorm(float* x, float* weight, float epsilon, int width, float* y);

    /// <summary>y = (x - mean) / √(variance + ε) ∘ weight + bias for one row; no weight is all ones, no bias all zeros.</summary>
    public abstract void LayerNorm(float* x, float* weight, float* bias, float epsilon, int width, float* y);

    /// <summary>y = a + b.</summary>
    public abstract void Add(float* a, float* b, float* y, int count);

    /// <summary>y = a · b.</summary>
    public abstract void Multiply(float* a, float* b, float* y, int count);

    /// <summary>y = x · factor.</summary>
    public abstract void Scale(float* x, float factor, float* y, int count);

    /// <summary>y = cap · tanh(x / cap).</summary>
    public abstract void SoftCap(float* x, float cap, float* y, int count);

    /// <summary>y = activation(gate) · up; without up, activation(gate).</summary>
    public abstract void Activate(Activation activation, float* gate, float* up, float* y, int count);

    /// <summary>Turns pairs (i, i + pairs): y = x rotated by the angles whose cosines and sines are given.</summary>
    public abstract void Rotate(float* x, float* cos, float* sin, int pairs, float* y);

    /// <summary>Attention of a few queries that share a KV head; see <see cref="AttentionTile"/>.</summary>
    /// <param name="tile">What to compute.</param>
    /// <param name="scratch"><see cref="AttentionTile.Scratch"/> floats.</param>
    public abstract void Attend(in AttentionTile tile, float* scratch);

    /// <summary>The first index of the largest number; 0 where there is none.</summary>
    public abstract int ArgMax(float* x, int count);
}
