using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>What a performance mode means on a machine.</summary>
/// <param name="Threads">Of the CPU engine, at least 1.</param>
/// <param name="CacheBytes">For keys and values, kept prefixes included.</param>
/// <param name="Idle">How long a model stays in memory that nobody uses; null: for ever.</param>
internal readonly record struct PerformancePlan(int Threads, long CacheBytes, TimeSpan? Idle)
{
    private const long LeastCacheBytes = 256L << 20;

    /// <summary>
    /// Efficiency takes half of the cores and 1/16 of memory as cache, and unloads after five minutes; balanced all cores but one, 1/8 and an hour;
    /// performance all cores and 1/4, and never unloads. What the cache may take is also what can be computed side by side.
    /// </summary>
    /// <param name="mode">The mode.</param>
    /// <param name="cores">Physical cores, at least 1.</param>
    /// <param name="memoryBytes">Of the machine.</param>
    public static PerformancePlan For(PerformanceMode mode, int cores, long memoryBytes)
    {
        (int threads, int share, TimeSpan? idle) = mode switch
        {
            PerformanceMode.Efficiency => ((cores + 1) / 2, 16, TimeSpan.FromMinutes(5)),
            PerformanceMode.Performance => (cores, 4, default(TimeSpan?)),
            _ => (Math.Max(1, cores - 1), 8, TimeSpan.FromHours(1)),
        };
        return new(threads, Math.Max(LeastCacheBytes, memoryBytes / share), idle);
    }

    /// <summary>The settings with this plan in them.</summary>
    public ServerSettings Apply(ServerSettings settings) => settings with { Threads = Threads, CacheBytes = CacheBytes, KeepAlive = new(Idle) };
}
