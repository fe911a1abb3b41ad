using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>What a performance mode means on a machine.</summary>
/// <param name="Threads">Of the CPU engine, at least 1.</param>
/// <param name="CacheBytes">For keys and values, kept prefixes included.</param>
internal readonly record struct PerformancePlan(int Threads, long CacheBytes)
{
    private const long LeastCacheBytes = 256L << 20;

    /// <summary>
    /// Efficiency takes half of the cores and 1/16 of memory as cache; balanced all cores but one and 1/8; performance all cores and 1/4.
    /// </summary>
    /// <param name="mode">The mode.</param>
    /// <param name="cores">Physical cores, at least 1.</param>
    /// <param name="memoryBytes">Of the machine.</param>
    public static PerformancePlan For(PerformanceMode mode, int cores, long memoryBytes)
    {
        var (threads, share) = mode switch
        {
            PerformanceMode.Efficiency => ((cores + 1) / 2, 16),
            PerformanceMode.Performance => (cores, 4),
            _ => (Math.Max(1, cores - 1), 8),
        };
        return new(threads, Math.Max(LeastCacheBytes, memoryBytes / share));
    }

    /// <summary>The settings with this plan in them.</summary>
    public ServerSettings Apply(ServerSettings settings) => settings with { Threads = Threads, CacheBytes = CacheBytes };
}
