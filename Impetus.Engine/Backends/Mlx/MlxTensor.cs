using Impetus.Engine.Tensors;
using Impetus.Native;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>A tensor whose value is a node of MLX's lazy graph.</summary>
internal sealed class MlxTensor : Tensor
{
    private readonly Func<MlxArray, MlxArray>? _byToken;
    private MlxArray? _array;

    public MlxTensor(Shape shape, DType type, MlxArray array)
        : base(shape, type) => _array = array;

    /// <summary>Heads (T, H, D) of a step's only sequence, in the order that MLX's fused operations want.</summary>
    /// <param name="shape">(T, H, D).</param>
    /// <param name="type">The element type.</param>
    /// <param name="byHead">(1, H, T, D).</param>
    /// <param name="byToken">Turns that into (T, H, D), should anybody ask for it.</param>
    public MlxTensor(Shape shape, DType type, MlxArray byHead, Func<MlxArray, MlxArray> byToken)
        : base(shape, type) => (ByHead, _byToken) = (byHead, byToken);

    /// <summary>The native array, freed with the scope.</summary>
    public MlxArray Array => _array ??= _byToken!(ByHead!);

    /// <summary>The native array as (1, H, T, D), where it was made so.</summary>
    public MlxArray? ByHead { get; }

    /// <summary>The same numbers as the host reads them, contiguous and of its type; there once the tensor was started.</summary>
    public MlxArray? Result { get; set; }

    /// <summary>Frees the native arrays.</summary>
    public void Release()
    {
        Result?.Dispose();
        ByHead?.Dispose();
        _array?.Dispose();
    }

    /// <summary>The native array of a tensor that this backend made.</summary>
    /// <exception cref="ArgumentException">Another backend made it.</exception>
    public static MlxArray Of(Tensor tensor) => Own(tensor).Array;

    /// <summary>A tensor that this backend made.</summary>
    /// <exception cref="ArgumentException">Another backend made it.</exception>
    public static MlxTensor Own(Tensor tensor) =>
        tensor as MlxTensor ?? throw new ArgumentException("The tensor belongs to another backend.", nameof(tensor));
}
