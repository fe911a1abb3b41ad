using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management.Memory;

/// <summary>
/// How much memory this process may take: the least of what the setting, its own limits, the container and the machine allow, where the
/// machine keeps some for others. What is about to be taken is promised, so that two do not count on the same room. Thread safe.
/// </summary>
public sealed class MemoryBudget
{
    private const long Least = 1_600_000_000, Most = 8_600_000_000;

    private readonly IMemoryProbe _probe;
    private readonly long _baseline;
    private long _promised;

    /// <summary>Takes the limit down once.</summary>
    public MemoryBudget(ServerSettings settings, IMemoryProbe probe)
    {
        _probe = probe;
        _baseline = probe.FootprintBytes;
        (LimitBytes, LimitedBy) = (OfMachine(probe.MachineBytes), "machine");
        if (probe.ContainerBytes is { } container && container - (container / 20) < LimitBytes)
            (LimitBytes, LimitedBy) = (container - (container / 20), "container");
        if (probe.ProcessBytes is { } process && process - (process / 20) < LimitBytes)
            (LimitBytes, LimitedBy) = (process - (process / 20), "process");
        if (settings.MemoryBytes is { } set && set < LimitBytes)
            (LimitBytes, LimitedBy) = (set, "setting");
    }

    /// <summary>What a process may take of a machine: of the 8.59 GB of a small Mac 6.2 are left, and its system takes the rest.</summary>
    public static long OfMachine(long machineBytes) => Math.Max(0, machineBytes - Math.Clamp(machineBytes / 18 * 5, Least, Most));

    /// <summary>What this process may take in all.</summary>
    public long LimitBytes { get; }

    /// <summary>What sets the limit: <c>machine</c>, <c>container</c>, <c>process</c> (its resource limits) or <c>setting</c>.</summary>
    public string LimitedBy { get; }

    /// <summary>What it has taken, and is about to.</summary>
    public long UsedBytes => _probe.FootprintBytes + Interlocked.Read(ref _promised);

    /// <summary>What it can still take.</summary>
    public long FreeBytes =>
        Math.Max(0, Math.Min(LimitBytes - UsedBytes, (_probe.AvailableBytes ?? long.MaxValue) - Interlocked.Read(ref _promised)));

    /// <summary>The most that could ever be free: without any model.</summary>
    public long MostFreeBytes => Math.Max(0, LimitBytes - _baseline);

    /// <summary>What the caches of all models may take of it together.</summary>
    public CacheLedger Caches { get; } = new();

    /// <summary>Counts bytes as taken until the result is disposed, by when the process has really taken them, or will not.</summary>
    public IDisposable Promise(long bytes)
    {
        Interlocked.Add(ref _promised, bytes);
        return new Promised(this, bytes);
    }

    private sealed class Promised(MemoryBudget budget, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => Interlocked.Add(ref budget._promised, -Interlocked.Exchange(ref _bytes, 0));
    }
}
