namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// How much memory MLX may take of a GPU, by what the device recommends. MLX's own limits let it grow, with what it keeps for later,
/// to one and a half times that, where the rest of the machine begins to swap.
/// </summary>
/// <param name="LimitBytes">Beyond this MLX waits for running work before it takes more.</param>
/// <param name="CacheBytes">Freed buffers that are kept; a step uses the same sizes again and again.</param>
/// <param name="WiredBytes">Weights up to this are never paged out.</param>
internal readonly record struct MlxMemoryPlan(long LimitBytes, long CacheBytes, long WiredBytes)
{
    private const long LeastCache = 128L << 20, MostCache = 2L << 30;

    /// <summary>The plan for a device.</summary>
    /// <param name="recommendedBytes">Its <c>max_recommended_working_set_size</c>, which wired memory may not exceed.</param>
    public static MlxMemoryPlan For(long recommendedBytes) =>
        new(recommendedBytes, Math.Min(recommendedBytes, Math.Clamp(recommendedBytes / 16, LeastCache, MostCache)), recommendedBytes);
}
