using System.Numerics.Tensors;

namespace Impetus.Engine.Embedding;

/// <summary>
/// What becomes of a pooled vector: unit length where the checkpoint asks for it, and for fewer dimensions the first ones,
/// brought to unit length again (Matryoshka representations, Kusupati et al. 2022).
/// </summary>
internal sealed record VectorRecipe
{
    private const float SmallestNorm = 1e-12f;
    private const float LayerNormEpsilon = 1e-5f;

    /// <summary>Whether whole vectors are brought to unit length.</summary>
    public required bool Normalize { get; init; }

    /// <summary>Whether a vector is layer-normed, without weights, before it is cut: nomic-embed-text's recipe.</summary>
    public required bool LayerNormBeforeCut { get; init; }

    /// <summary>The vector in as many dimensions as asked for; all of them in the checkpoint's own form if null.</summary>
    public float[] Finish(float[] pooled, int? dimensions)
    {
        if (dimensions is not { } count)
            return Normalize ? Unit(pooled) : pooled;
        return Unit((LayerNormBeforeCut ? LayerNorm(pooled) : pooled)[..count]);
    }

    private static float[] Unit(float[] vector)
    {
        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm<float>(vector), SmallestNorm), unit);
        return unit;
    }

    private static float[] LayerNorm(float[] vector)
    {
        double mean = 0, variance = 0;
        foreach (float value in vector)
            mean += value;
        mean /= vector.Length;
        foreach (float value in vector)
            variance += (value - mean) * (value - mean);
        double scale = 1 / Math.Sqrt((variance / vector.Length) + LayerNormEpsilon);
        return [.. vector.Select(value => (float)((value - mean) * scale))];
    }
}
