using Impetus.Engine.Tensors;
using Impetus.Native;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>A tensor whose value is a node of MLX's lazy graph.</summary>
internal sealed class MlxTensor(Shape shape, DType type, MlxArray array) : Tensor(shape, type)
{
    /// <summary>The native array, freed with the scope.</summary>
    public MlxArray Array { get; } = array;

    /// <summary>The native array of a tensor that this backend made.</summary>
    /// <exception cref="ArgumentException">Another backend made it.</exception>
    public static MlxArray Of(Tensor tensor) =>
        tensor is MlxTensor mine ? mine.Array : throw new ArgumentException("The tensor belongs to another backend.", nameof(tensor));
}
