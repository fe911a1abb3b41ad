namespace Impetus.Engine.Backends.Cpu;

/// <summary>T5's buckets of distances; see <see cref="Tensors.RelativeBias"/>.</summary>
internal static class RelativeBuckets
{
    /// <summary>The bucket of a distance, key's position minus query's.</summary>
    public static int Bucket(int distance, int buckets, int maxDistance)
    {
        var half = buckets / 2;
        var exact = half / 2;
        var steps = Math.Abs(distance);
        var bucket = steps < exact
            ? steps
            : Math.Min(half - 1, exact + (int)(MathF.Log((float)steps / exact) / MathF.Log((float)maxDistance / exact) * (half - exact)));
        return distance > 0 ? half + bucket : bucket;
    }
}
