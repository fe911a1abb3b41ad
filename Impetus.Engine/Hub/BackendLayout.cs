using Impetus.Engine.Backends;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Hub;

/// <summary>How an engine keeps what a model needs, as far as its size goes.</summary>
/// <param name="RowMultiple">Matrices are filled up to a multiple of so many rows.</param>
/// <param name="NumberBytes">Bytes of a number in caches, activations and vectors.</param>
/// <param name="CacheBlock">Caches grow by so many tokens.</param>
/// <param name="ValueMultiple">A value in a cache is filled up to a multiple of so many numbers.</param>
/// <param name="WidensMatrices">Whether numbers of 16 bits in matrices and their scales become single precision, too.</param>
/// <param name="KeepsScores">Whether attention computes all scores of a step before it uses any.</param>
public sealed record BackendLayout(int RowMultiple, int NumberBytes, int CacheBlock, int ValueMultiple, bool WidensMatrices = false, bool KeepsScores = false)
{
    /// <summary>The CPU: panels of 32 rows, matrices as they are stored, everything else in single precision.</summary>
    public static BackendLayout Cpu { get; } = new(32, sizeof(float), 64, 32);

    /// <summary>MLX on Metal: weights as they are stored, everything else in the checkpoint's own numbers.</summary>
    public static BackendLayout Metal { get; } = new(1, sizeof(ushort), 256, 1);

    /// <summary>MLX on the processor: everything but packed weights in single precision.</summary>
    public static BackendLayout MlxCpu { get; } = new(1, sizeof(float), 256, 1, WidensMatrices: true, KeepsScores: true);

    /// <summary>The layout of what computes.</summary>
    public static BackendLayout Of(ComputeDevice device) => device switch
    {
        ComputeDevice.Metal => Metal,
        ComputeDevice.MlxCpu => MlxCpu,
        _ => Cpu,
    };

    /// <summary>The layout of a checkpoint: one of single precision has no numbers of 16 bits anywhere.</summary>
    internal BackendLayout For(ICheckpoint checkpoint) =>
        checkpoint.Names.Any(name => checkpoint.TryGet(name, out var tensor) && tensor!.Type is DType.F16 or DType.BF16)
            ? this
            : this with { NumberBytes = sizeof(float) };

    /// <summary>The next multiple.</summary>
    internal static long Fill(long count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
