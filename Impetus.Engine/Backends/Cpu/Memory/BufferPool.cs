using System.Numerics;
using System.Runtime.InteropServices;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>
/// Native memory for intermediate tensors: what one step gives back, the next one takes. Buffers are aligned to 64 bytes and
/// longer than asked for by a vector at least, so that kernels may run over the end. Engine thread only.
/// </summary>
internal sealed unsafe class BufferPool : IDisposable
{
    private const nuint Alignment = 64;
    private const long KeptBytes = 16L << 20;

    private readonly Dictionary<long, Stack<nint>> _free = [];
    private readonly HashSet<nint> _all = [];
    private long _freeBytes;

    /// <summary>Bytes of all buffers, taken and free.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a buffer of at least <paramref name="bytes"/>, with anything in it.</summary>
    /// <param name="bytes">How many are needed.</param>
    /// <param name="capacity">How many it has; <see cref="Return"/> wants to know.</param>
    public void* Take(long bytes, out long capacity)
    {
        capacity = Capacity(bytes);
        if (_free.TryGetValue(capacity, out var buffers) && buffers.TryPop(out var buffer))
        {
            _freeBytes -= capacity;
            return (void*)buffer;
        }

        var memory = NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        _all.Add((nint)memory);
        Bytes += capacity;
        return memory;
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(void* buffer, long capacity)
    {
        if (_freeBytes + capacity > KeptBytes)
        {
            _all.Remove((nint)buffer);
            Bytes -= capacity;
            NativeMemory.AlignedFree(buffer);
            return;
        }

        if (!_free.TryGetValue(capacity, out var buffers))
            _free[capacity] = buffers = new Stack<nint>();
        buffers.Push((nint)buffer);
        _freeBytes += capacity;
    }

    /// <summary>Frees the buffers that nobody has taken.</summary>
    public void Trim()
    {
        foreach (var (capacity, buffers) in _free)
        {
            while (buffers.TryPop(out var buffer))
            {
                _all.Remove(buffer);
                Bytes -= capacity;
                NativeMemory.AlignedFree((void*)buffer);
            }
        }

        _freeBytes = 0;
    }

    public void Dispose()
    {
        foreach (var buffer in _all)
            NativeMemory.AlignedFree((void*)buffer);
        _all.Clear();
        _free.Clear();
        Bytes = 0;
    }

    /// <summary>The next of four sizes an octave: few sizes, at most a quarter wasted.</summary>
    private static long Capacity(long bytes)
    {
        var padded = bytes + (long)Alignment;
        var step = Math.Max(256, 1L << Math.Max(0, BitOperations.Log2((ulong)padded) - 2));
        return (padded + step - 1) / step * step;
    }
}
