using Impetus.Engine.Tensors;

namespace Impetus.Engine.Hub;

/// <summary>How a backend keeps what a model needs, as far as its size goes.</summary>
/// <param name="RowMultiple">Matrices are filled up to a multiple of so many rows.</param>
/// <param name="NumberBytes">Bytes of a number in caches and activations.</param>
/// <param name="CacheBlock">Caches grow by so many tokens.</param>
/// <param name="ValueMultiple">A value in a cache is filled up to a multiple of so many numbers.</param>
public sealed record BackendLayout(int RowMultiple, int NumberBytes, int CacheBlock, int ValueMultiple)
{
    /// <summary>The CPU: panels of 32 rows, everything else in single precision.</summary>
    public static BackendLayout Cpu { get; } = new(32, sizeof(float), 64, 32);

    /// <summary>MLX on Metal: weights as they are stored, everything else in the 16 bits of the checkpoint.</summary>
    public static BackendLayout Mlx { get; } = new(1, sizeof(ushort), 256, 1);

    /// <summary>The layout of a backend.</summary>
    public static BackendLayout Of(IBackend backend) => backend.Name == "mlx" ? Mlx : Cpu;

    /// <summary>The next multiple.</summary>
    internal static long Fill(long count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
