using System.Runtime.CompilerServices;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Work that splits into numbered items, any of which any thread may do.</summary>
internal interface IJob
{
    /// <summary>Does the items from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    /// <param name="worker">Who does it: 0 is the calling thread. For scratch memory.</param>
    void Run(int first, int end, int worker);
}

/// <summary>
/// Our own threads: a step has hundreds of short jobs, each too short for a general pool. The calling thread works too; the
/// others look for the next job for some microseconds and then sleep. Items are handed out as threads ask for them, and a
/// thread that comes too late is not waited for, so a busy machine slows a job down but never stops it. Nothing is allocated.
/// </summary>
internal sealed unsafe class WorkCrew : IDisposable
{
    private const int Closed = 1 << 30;
    private const int SpinsBeforeSleep = 2_000;

    private readonly Lock _gate = new();
    private readonly object _bell = new();
    private readonly object _bench = new();
    private readonly Thread[] _threads;

    private delegate*<void*, int, int, int, void> _run;
    private void* _job;
    private int _count;
    private int _grain;
    private int _next;

    /// <summary>How many workers are inside the job, and whether it takes more.</summary>
    private int _door = Closed;
    private int _jobNumber;
    private int _sleepers;
    private bool _stopping;
    private int _limit;
    private Exception? _fault;

    public WorkCrew(int threads)
    {
        Count = _limit = threads;
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"impetus-cpu-{worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>How many threads there are, the caller among them.</summary>
    public int Count { get; }

    /// <summary>How many of them work, 1 to <see cref="Count"/>; the others rest. Counts from the next job on.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set
        {
            lock (_bench)
            {
                Volatile.Write(ref _limit, Math.Clamp(value, 1, Count));
                Monitor.PulseAll(_bench);
            }
        }
    }

    /// <summary>Runs all items of a job, <paramref name="grain"/> at a time, and returns when they are done.</summary>
    public void Run<TJob>(ref TJob job, int count, int grain = 1)
        where TJob : struct, IJob
    {
        if (count <= grain || Limit == 1)
        {
            if (count > 0)
                job.Run(0, count, 0);
            return;
        }

        lock (_gate)
        {
            _run = &Invoke<TJob>;
            _job = Unsafe.AsPointer(ref job);
            (_count, _grain, _next, _fault) = (count, grain, 0, null);
            Volatile.Write(ref _door, 0);
            Interlocked.Increment(ref _jobNumber);
            if (Volatile.Read(ref _sleepers) > 0)
                Wake();

            try
            {
                TakeItems(0);
            }
            finally
            {
                Interlocked.Or(ref _door, Closed);
                var spin = default(SpinWait);
                while (Volatile.Read(ref _door) != Closed)
                    spin.SpinOnce(sleep1Threshold: -1);
            }

            if (_fault is { } fault)
                throw new InvalidOperationException($"A worker of the CPU backend failed: {fault.Message}", fault);
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _stopping, true);
        Interlocked.Increment(ref _jobNumber);
        Wake();
        Limit = Count;
        foreach (var thread in _threads)
            thread.Join();
    }

    private static void Invoke<TJob>(void* job, int first, int end, int worker)
        where TJob : struct, IJob => Unsafe.AsRef<TJob>(job).Run(first, end, worker);

    private void TakeItems(int worker)
    {
        while (true)
        {
            var first = Interlocked.Add(ref _next, _grain) - _grain;
            if (first >= _count)
                return;
            _run(_job, first, Math.Min(first + _grain, _count), worker);
        }
    }

    private void Work(int worker)
    {
        for (var seen = WaitForJob(0); !Volatile.Read(ref _stopping); seen = WaitForJob(seen))
        {
            if (worker >= Limit)
                Rest(worker);
            else if (TryEnter())
                TakeItemsAndLeave(worker);
        }
    }

    // No job wakes whoever rests.
    private void Rest(int worker)
    {
        lock (_bench)
        {
            while (worker >= Limit)
                Monitor.Wait(_bench);
        }
    }

    private void TakeItemsAndLeave(int worker)
    {
        try
        {
            // The limit may have been lowered since this one came to the door.
            if (worker < Limit)
                TakeItems(worker);
        }
        catch (Exception fault)
        {
            _fault = fault;
        }
        finally
        {
            Interlocked.Decrement(ref _door);
        }
    }

    private bool TryEnter()
    {
        while (true)
        {
            var door = Volatile.Read(ref _door);
            if ((door & Closed) != 0)
                return false;
            if (Interlocked.CompareExchange(ref _door, door + 1, door) == door)
                return true;
        }
    }

    private int WaitForJob(int seen)
    {
        for (var i = 0; i < SpinsBeforeSleep; i++)
        {
            if (Volatile.Read(ref _jobNumber) is var number && number != seen)
                return number;
            Thread.SpinWait(1);
        }

        lock (_bell)
        {
            // Announced before looking once more, as the caller counts sleepers after it has posted: one of the two sees the other.
            Interlocked.Increment(ref _sleepers);
            while (Volatile.Read(ref _jobNumber) == seen)
                Monitor.Wait(_bell);
            Interlocked.Decrement(ref _sleepers);
            return Volatile.Read(ref _jobNumber);
        }
    }

    private void Wake()
    {
        lock (_bell)
            Monitor.PulseAll(_bell);
    }
}
