namespace Impetus.Engine.Tensors;

/// <summary>
/// A value on a backend: an opaque handle with a shape and a type. The backend that made it owns its memory; it lives until
/// the <see cref="IScope"/> closes in which it was made, unless the scope was told to keep it. Not thread safe: tensors are
/// touched by the engine thread alone.
/// </summary>
public abstract class Tensor(Shape shape, DType type)
{
    /// <summary>The extents, outermost first.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The type that it is computed in.</summary>
    public DType Type { get; } = type;
}

/// <summary>
/// A span of a step in which intermediate tensors live. A layer opens one, keeps what leaves the layer, and closes it when the
/// layer is <em>built</em>, not when it is evaluated: on a lazy backend a handle that is still alive at evaluation forbids the
/// reuse of its buffer.
/// </summary>
public interface IScope : IDisposable
{
    /// <summary>Moves a tensor of this scope to the scope around it.</summary>
    /// <param name="tensor">What leaves the scope.</param>
    /// <param name="insteadOf">
    /// A tensor of the scope around that nobody reads any more, such as what the layer was given: it is freed, so that a model
    /// does not hold the outputs of all its layers until the step ends. Views of it live on.
    /// </param>
    /// <returns>The same tensor.</returns>
    Tensor Keep(Tensor tensor, Tensor? insteadOf = null);
}
