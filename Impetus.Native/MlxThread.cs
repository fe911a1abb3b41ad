using System.Collections.Concurrent;

namespace Impetus.Native;

/// <summary>
/// The one thread that may call MLX. Its default streams belong to the thread that made them, and on Metal a stream works on no
/// other; the CPU device does not enforce that, so we do.
/// </summary>
internal static class MlxThread
{
    private static readonly ConcurrentQueue<Action> Abandoned = new();
    private static int _owner;

    /// <summary>Makes the calling thread the one that calls MLX.</summary>
    /// <exception cref="InvalidOperationException">Another thread has it.</exception>
    public static void Take()
    {
        int me = Environment.CurrentManagedThreadId;
        if (Interlocked.CompareExchange(ref _owner, me, 0) is var owner && owner != 0 && owner != me)
            throw new InvalidOperationException("Another thread owns MLX.");
    }

    /// <summary>Gives MLX back, for another thread to take.</summary>
    public static void Release()
    {
        Assert();
        FreeAbandoned();
        _owner = 0;
    }

    /// <summary>Throws unless the caller owns MLX.</summary>
    /// <exception cref="InvalidOperationException">Another thread does, or none.</exception>
    public static void Assert()
    {
        if (Environment.CurrentManagedThreadId != _owner)
            throw new InvalidOperationException("MLX is called from a thread that does not own it. Only the engine thread may.");
    }

    /// <summary>Takes what frees a handle whose owner was lost to the garbage collector; it is called on the right thread, later.</summary>
    public static void Abandon(Action free) => Abandoned.Enqueue(free);

    /// <summary>Frees what was lost.</summary>
    public static void FreeAbandoned()
    {
        while (Abandoned.TryDequeue(out var free))
            free();
    }
}
