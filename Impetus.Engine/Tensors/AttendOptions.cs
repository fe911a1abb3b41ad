namespace Impetus.Engine.Tensors;

/// <summary>What one layer's attention asks for beside its queries, keys and values.</summary>
public sealed record AttendOptions
{
    /// <summary>Multiplies the dot products; usually 1 / √Dk.</summary>
    public required float Scale { get; init; }

    /// <summary>How many keys before its own position a query sees beside itself: a window of w keys is w - 1. Null: all.</summary>
    public int? Left { get; init; }

    /// <summary>How many keys after its own position a query of a bidirectional row sees. Null: all. Causal rows see none.</summary>
    public int? Right { get; init; }

    /// <summary>Scores become cap · tanh(score / cap) before the mask. Null: no cap.</summary>
    public float? SoftCap { get; init; }

    /// <summary>(Hq): one more logit per head in the softmax, whose probability is dropped (gpt-oss).</summary>
    public Tensor? Sinks { get; init; }

    /// <summary>Added to the scores by distance.</summary>
    public RelativeBias? Bias { get; init; }
}

/// <summary>
/// T5's bucketed relative position bias (Raffel et al. 2020): half of the buckets for keys behind, half for keys ahead; small
/// distances have a bucket each, larger ones share logarithmically, up to <paramref name="MaxDistance"/>.
/// </summary>
/// <param name="Table">(buckets, Hq).</param>
/// <param name="MaxDistance">From here on all distances share the last bucket.</param>
public sealed record RelativeBias(Tensor Table, int MaxDistance)
{
    /// <summary>The row of <see cref="Table"/> for a key that lies <paramref name="distance"/> positions after the query.</summary>
    public int Bucket(int distance)
    {
        int half = Table.Shape[0] / 2, exact = half / 2, away = Math.Abs(distance);
        int bucket = away < exact
            ? away
            : Math.Min(half - 1, exact + (int)(MathF.Log((float)away / exact) / MathF.Log((float)MaxDistance / exact) * (half - exact)));
        return distance > 0 ? bucket + half : bucket;
    }
}
