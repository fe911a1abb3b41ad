using Impetus.Engine.Tensors;
using Impetus.Native;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// Activations and gates: chains of elementwise operations. Compiled, a chain is one launch and passes memory once, which is what
/// Metal wants. On MLX's CPU device compiling calls a C++ compiler at run time, so there they stay single operations.
/// </summary>
/// <remarks>MLX's thread only: it keeps compiled graphs by thread.</remarks>
/// <param name="ops">The operations.</param>
/// <param name="compiles">Whether chains are compiled, each when it is first used.</param>
internal sealed class MlxActivations(MlxOps ops, bool compiles) : IDisposable
{
    private readonly Dictionary<Activation, MlxClosure> _activated = [], _gated = [];

    /// <summary>activation(x).</summary>
    public MlxArray Activated(MlxArray x, Activation activation)
    {
        // A single operation is a single launch anyway.
        if (!compiles || activation is Activation.Relu or Activation.Tanh)
            return Plain(x, activation);
        return Compiled(_activated, activation, inputs => Plain(inputs[0], activation)).Apply(x);
    }

    /// <summary>activation(gate) ∘ up.</summary>
    public MlxArray Gated(MlxArray gate, MlxArray up, Activation activation) => compiles
        ? Compiled(_gated, activation, inputs => PlainGated(inputs[0], inputs[1], activation)).Apply(gate, up)
        : PlainGated(gate, up, activation);

    /// <summary>Frees the compiled graphs.</summary>
    public void Dispose()
    {
        foreach (var graph in _activated.Values.Concat(_gated.Values))
            graph.Dispose();
        _activated.Clear();
        _gated.Clear();
    }

    private static MlxClosure Compiled(Dictionary<Activation, MlxClosure> graphs, Activation activation, Func<IReadOnlyList<MlxArray>, MlxArray> chain)
    {
        if (graphs.TryGetValue(activation, out var graph))
            return graph;
        using var function = new MlxClosure(chain);
        return graphs[activation] = function.Compile(shapeless: true);
    }

    private MlxArray PlainGated(MlxArray gate, MlxArray up, Activation activation)
    {
        using var active = Plain(gate, activation);
        return ops.Multiply(active, up);
    }

    private MlxArray Plain(MlxArray x, Activation activation)
    {
        switch (activation)
        {
            case Activation.Silu:
                using (var gate = ops.Sigmoid(x))
                    return ops.Multiply(x, gate);
            case Activation.Gelu:
                using (var scaled = ops.Scaled(x, 0.70710678f))
                using (var error = ops.Erf(scaled))
                    return HalfPlusHalf(x, error);
            case Activation.GeluTanh:
                using (var square = ops.Square(x))
                using (var cubic = ops.Scaled(square, 0.044715f))
                using (var one = ops.ScalarLike(1, x))
                using (var factor = ops.Add(cubic, one))
                using (var product = ops.Multiply(x, factor))
                using (var scaled = ops.Scaled(product, 0.7978845608f))
                using (var bent = ops.Tanh(scaled))
                    return HalfPlusHalf(x, bent);
            case Activation.Relu:
                return Positive(x);
            case Activation.ReluSquared:
                using (var positive = Positive(x))
                    return ops.Square(positive);
            case Activation.Tanh:
                return ops.Tanh(x);
            default:
                throw new NotSupportedException($"{activation} is not a known activation.");
        }
    }

    /// <summary>x · (1 + y) / 2.</summary>
    private MlxArray HalfPlusHalf(MlxArray x, MlxArray y)
    {
        using var one = ops.ScalarLike(1, x);
        using var sum = ops.Add(y, one);
        using var half = ops.Scaled(x, 0.5f);
        return ops.Multiply(half, sum);
    }

    private MlxArray Positive(MlxArray x)
    {
        using var zero = ops.ScalarLike(0, x);
        return ops.Maximum(x, zero);
    }
}
