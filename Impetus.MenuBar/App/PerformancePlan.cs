using Impetus.Engine.Backends.Cpu;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>What a performance mode means on a machine.</summary>
/// <param name="Threads">Of the CPU engine, at least 1.</param>
/// <param name="Batch">Answers that a model writes side by side, at least 1.</param>
/// <param name="CacheBytes">For keys and values, kept prefixes included.</param>
/// <param name="Idle">How long a model stays in memory that nobody uses; null: for ever.</param>
internal readonly record struct PerformancePlan(int Threads, int Batch, long CacheBytes, TimeSpan? Idle)
{
    private const long LeastCacheBytes = 256L << 20;

    /// <summary>
    /// Efficiency takes half of the cores, 4 answers at once and 1/16 of memory as cache, and unloads after five minutes; balanced all cores
    /// but one, 16 answers, 1/8 and an hour; performance all cores, 32 answers and 1/4, and never unloads.
    /// </summary>
    /// <param name="mode">The mode.</param>
    /// <param name="machine">The machine.</param>
    public static PerformancePlan For(PerformanceMode mode, Machine machine)
    {
        (int threads, int batch, int share, TimeSpan? idle) = mode switch
        {
            PerformanceMode.Efficiency => ((machine.Cores + 1) / 2, 4, 16, TimeSpan.FromMinutes(5)),
            PerformanceMode.Performance => (machine.Cores, 32, 4, default(TimeSpan?)),
            _ => (Math.Max(1, machine.Cores - 1), 16, 8, TimeSpan.FromHours(1)),
        };
        return new(threads, batch, Math.Max(LeastCacheBytes, machine.MemoryBytes / share), idle);
    }

    /// <summary>The settings with this plan in them.</summary>
    public ServerSettings Apply(ServerSettings settings) =>
        settings with { Threads = Threads, Batch = Batch, CacheBytes = CacheBytes, KeepAlive = new(Idle) };
}

/// <param name="Cores">Physical ones, the fast ones on Apple silicon, at least 1.</param>
/// <param name="MemoryBytes">All of it.</param>
internal readonly record struct Machine(int Cores, long MemoryBytes)
{
    /// <summary>This one.</summary>
    /// <param name="memoryBytes">As the system tells it.</param>
    public static Machine This(long memoryBytes) => new(PhysicalCores.Count, memoryBytes);
}
