using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>A matrix (out, in), dequantised.</summary>
internal sealed class ReferenceLinear(int inFeatures, int outFeatures, float[] values, float[]? bias)
    : LinearWeight(inFeatures, outFeatures)
{
    public float[] Values { get; } = values;

    public float[]? Bias { get; } = bias;

    public override long Bytes => sizeof(float) * (Values.LongLength + (Bias?.Length ?? 0));

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>A table (V, D), dequantised.</summary>
internal sealed class ReferenceEmbedding(ReferenceLinear table) : EmbeddingWeight(table.OutFeatures, table.InFeatures)
{
    public float[] Values => table.Values;

    public override LinearWeight Tied => table;

    protected override void Dispose(bool disposing)
    {
    }
}
