using System.Runtime.InteropServices;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>Keys and values of 64 positions, all layers. Shared by the caches that fork from one another until one writes.</summary>
internal sealed unsafe class CacheBlock
{
    private readonly CacheMemory _memory;
    private readonly long _bytes;

    public CacheBlock(CacheMemory memory, long numbers)
    {
        (_memory, _bytes) = (memory, numbers * sizeof(float));
        Data = (float*)NativeMemory.AlignedAlloc((nuint)_bytes, 64);
        memory.Bytes += _bytes;
    }

    /// <summary>The first number.</summary>
    public float* Data { get; private set; }

    /// <summary>How many caches remember it.</summary>
    public int Users { get; private set; } = 1;

    public bool Shared => Users > 1;

    public CacheBlock Share()
    {
        Users++;
        return this;
    }

    public CacheBlock Copy()
    {
        var copy = new CacheBlock(_memory, _bytes / sizeof(float));
        NativeMemory.Copy(Data, copy.Data, (nuint)_bytes);
        return copy;
    }

    public void Release()
    {
        if (--Users > 0)
            return;
        NativeMemory.AlignedFree(Data);
        Data = null;
        _memory.Bytes -= _bytes;
    }
}

/// <summary>What all caches of a backend hold.</summary>
internal sealed class CacheMemory
{
    public long Bytes { get; set; }
}
