namespace Impetus.Engine.Scheduling;

/// <summary>How many of something happen a second, over the last ten seconds. Thread safe.</summary>
internal sealed class RateWindow(TimeProvider clock)
{
    private const int Seconds = 10;

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Seconds];
    private readonly long _start = clock.GetTimestamp();
    private long _second;

    /// <summary>Counts some more.</summary>
    public void Add(int count)
    {
        lock (_gate)
            _counts[Advance() % Seconds] += count;
    }

    /// <summary>The rate.</summary>
    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                Advance();
                double elapsed = clock.GetElapsedTime(_start).TotalSeconds;
                return _counts.Sum() / Math.Clamp(elapsed, 1, Seconds);
            }
        }
    }

    private long Advance()
    {
        long now = (long)clock.GetElapsedTime(_start).TotalSeconds;
        for (int i = 0; _second < now && i < Seconds; i++)
            _counts[++_second % Seconds] = 0;
        _second = now;
        return now;
    }
}
