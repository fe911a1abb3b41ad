namespace Impetus.Server.Management.Memory;

/// <summary>
/// Looks every few seconds how near the process is to its limit, how little the machine has left, and what the system says itself. A level is left again only
/// when there is clearly more room, so that it does not flutter. Thread safe.
/// </summary>
public sealed class MemoryWatch : IMemoryPressure, IDisposable
{
    private const double Warning = 0.90, Critical = 0.97, Relief = 0.03;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly MemoryBudget _budget;
    private readonly IMemoryProbe _probe;
    private readonly ITimer _timer;
    private int _level;

    /// <summary>Watches from now on.</summary>
    public MemoryWatch(MemoryBudget budget, IMemoryProbe probe, TimeProvider time)
    {
        (_budget, _probe) = (budget, probe);
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <inheritdoc/>
    public PressureLevel Level => (PressureLevel)Volatile.Read(ref _level);

    /// <inheritdoc/>
    public event Action<PressureLevel>? Changed;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        double use = Math.Max(Share(_probe.FootprintBytes, _budget.LimitBytes), MachineUse());
        var now = Level;
        double relief = now == PressureLevel.Normal ? 0 : Relief;
        var next = use >= Critical - (now == PressureLevel.Critical ? relief : 0) ? PressureLevel.Critical
            : use >= Warning - relief ? PressureLevel.Warning
            : PressureLevel.Normal;
        if (_probe.SystemPressure is var system && system > next)
            next = system;
        if (next != now && Interlocked.CompareExchange(ref _level, (int)next, (int)now) == (int)now)
            Changed?.Invoke(next);
    }

    // The last twentieth of a machine's memory is the system's own.
    private double MachineUse() => _probe.AvailableBytes is { } available
        ? Share(_probe.MachineBytes - available, _probe.MachineBytes - (_probe.MachineBytes / 20))
        : 0;

    private static double Share(long used, long of) => of > 0 ? (double)used / of : 1;
}
