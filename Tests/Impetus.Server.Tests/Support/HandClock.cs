using System.Threading.Channels;

namespace Impetus.Server.Tests.Support;

/// <summary>A clock whose timers go off when a test says so.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _set = Channel.CreateUnbounded<bool>();
    private readonly HashSet<HandTimer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        lock (_lock)
            _timers.Add(timer);
        // One that is not set yet, or comes again and again, is nobody's wait.
        if (dueTime != Timeout.InfiniteTimeSpan && period == Timeout.InfiniteTimeSpan)
            _set.Writer.TryWrite(true);
        return timer;
    }

    /// <summary>Waits until a timer was set, and lets the time of all pass.</summary>
    public async Task PassAsync()
    {
        await _set.Reader.ReadAsync();
        List<HandTimer> due;
        lock (_lock)
            due = [.. _timers];
        due.ForEach(timer => timer.GoOff());
    }

    private sealed class HandTimer(HandClock clock, Action goOff) : ITimer
    {
        public void GoOff() => goOff();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
