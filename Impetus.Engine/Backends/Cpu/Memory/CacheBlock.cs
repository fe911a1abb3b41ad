using System.Runtime.InteropServices;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>Keys and values of 64 positions, all layers. Shared by the caches that fork from one another until one writes.</summary>
internal sealed unsafe class CacheBlock
{
    private readonly CacheMemory _memory;
    private readonly long _bytes;
    private int _users = 1;

    public CacheBlock(CacheMemory memory, long numbers)
    {
        (_memory, _bytes) = (memory, numbers * sizeof(float));
        Data = (float*)NativeMemory.AlignedAlloc((nuint)_bytes, 64);
        memory.Bytes += _bytes;
    }

    /// <summary>The first number.</summary>
    public float* Data { get; private set; }

    public bool Shared => _users > 1;

    public CacheBlock Share()
    {
        _users++;
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
        if (--_users > 0)
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
