using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>Row operations.</summary>
internal sealed partial class MlxBackend
{
    /// <inheritdoc/>
    public Tensor Embed(EmbeddingWeight table, Batch batch, Lookup by = Lookup.Token, int offset = 0)
    {
        var step = (MlxBatch)batch;
        var shape = new Shape(step.TokenCount, table.Width);
        if (by == Lookup.Token && offset == 0 && !step.KnowsTokens)
            return New(shape, ((MlxEmbedding)table).Rows(step.Tokens, _ops));
        using var ids = step.Ids(by, offset, table.Count);
        return New(shape, ((MlxEmbedding)table).Rows(ids, _ops));
    }

    /// <inheritdoc/>
    public Tensor Project(Tensor x, LinearWeight weight) => x.Shape[-1] == weight.InFeatures
        ? New(new Shape(x.Shape[0], weight.OutFeatures), ((MlxLinear)weight).Apply(MlxTensor.Of(x), _ops))
        : throw new ArgumentException($"Rows of {x.Shape[-1]} do not go into a layer of {weight.InFeatures}.", nameof(x));

    /// <inheritdoc/>
    public Tensor[] Project(Tensor x, params ReadOnlySpan<LinearWeight> weights)
    {
        var products = new Tensor[weights.Length];
        for (int i = 0; i < products.Length; i++)
            products[i] = Project(x, weights[i]);
        return products;
    }

    /// <inheritdoc/>
    public Tensor GatedProject(Tensor x, LinearWeight gate, LinearWeight up, Activation activation)
    {
        using var gated = ((MlxLinear)gate).Apply(MlxTensor.Of(x), _ops);
        using var upward = ((MlxLinear)up).Apply(MlxTensor.Of(x), _ops);
        return New(new Shape(x.Shape[0], up.OutFeatures), _activations.Gated(gated, upward, activation));
    }

    /// <inheritdoc/>
    public Tensor RmsNorm(Tensor x, Tensor? weight, float epsilon) =>
        New(x.Shape, _ops.RmsNorm(MlxTensor.Of(x), weight is null ? null : MlxTensor.Of(weight), epsilon));

    /// <inheritdoc/>
    public Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, float epsilon) => New(
        x.Shape,
        _ops.LayerNorm(MlxTensor.Of(x), weight is null ? null : MlxTensor.Of(weight), bias is null ? null : MlxTensor.Of(bias), epsilon));

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => New(a.Shape, _ops.Add(MlxTensor.Of(a), MlxTensor.Of(b)));

    /// <inheritdoc/>
    public Tensor Multiply(Tensor a, Tensor b) => New(a.Shape, _ops.Multiply(MlxTensor.Of(a), MlxTensor.Of(b)));

    /// <inheritdoc/>
    public Tensor Scale(Tensor x, float factor) => New(x.Shape, _ops.Scaled(MlxTensor.Of(x), factor));

    /// <inheritdoc/>
    public Tensor Activate(Tensor x, Activation activation) => New(x.Shape, _activations.Activated(MlxTensor.Of(x), activation));

    /// <inheritdoc/>
    public Tensor SoftCap(Tensor x, float cap) => New(x.Shape, Capped(MlxTensor.Of(x), cap));

    /// <inheritdoc/>
    public Tensor Reshape(Tensor x, Shape shape)
    {
        if (shape.Count != x.Shape.Count)
            throw new ArgumentException($"{x.Shape} cannot be seen as {shape}.", nameof(shape));
        Span<int> extents = stackalloc int[shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++)
            extents[axis] = shape[axis];
        return New(shape, _ops.Reshape(MlxTensor.Of(x), extents));
    }

    /// <inheritdoc/>
    public Tensor[] Split(Tensor x, params ReadOnlySpan<int> widths)
    {
        var parts = new Tensor[widths.Length];
        int start = 0;
        foreach (int width in widths)
            start += width;
        if (start != x.Shape[-1])
            throw new ArgumentException($"Parts of {start} columns do not make {x.Shape[-1]}.", nameof(widths));
        start = 0;
        for (int i = 0; i < parts.Length; start += widths[i++])
            parts[i] = New(new Shape(x.Shape[0], widths[i]), _ops.Slice(MlxTensor.Of(x), 1, start, start + widths[i]));
        return parts;
    }

    private MlxArray Capped(MlxArray x, float cap)
    {
        using var small = _ops.Scaled(x, 1 / cap);
        using var bent = _ops.Tanh(small);
        return _ops.Scaled(bent, cap);
    }
}
