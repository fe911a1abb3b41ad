using Impetus.Engine.Backends.Cpu.Memory;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>A sequence's keys and values in blocks of 64 positions. Any length can be forked at and truncated to.</summary>
internal sealed class CpuCache : SequenceCache
{
    private readonly CacheMemory _memory;
    private readonly KeyValueLayout[] _layouts;
    private readonly long[] _offsets;
    private readonly long _blockSize;
    private readonly List<CacheBlock> _blocks = [];
    private bool _disposed;

    public CpuCache(CacheMemory memory, IReadOnlyList<LayerState> layers)
    {
        _memory = memory;
        _layouts = [.. layers.Select(layer => new KeyValueLayout(layer.KeyHeads, layer.KeyWidth, layer.ValueWidth))];
        _offsets = new long[_layouts.Length];
        for (var i = 0; i < _layouts.Length; i++)
        {
            _offsets[i] = _blockSize;
            _blockSize += _layouts[i].BlockSize;
        }
    }

    private CpuCache(CpuCache origin) =>
        (_memory, _layouts, _offsets, _blockSize) = (origin._memory, origin._layouts, origin._offsets, origin._blockSize);

    public override double ProportionalBytes
    {
        get
        {
            var blocks = 0d;
            foreach (var block in _blocks)
                blocks += 1d / block.Users;
            return blocks * _blockSize * sizeof(float);
        }
    }

    /// <summary>Where the blocks begin, as <see cref="Reserve"/> left them.</summary>
    public nint[] Blocks { get; private set; } = [];

    /// <summary>How a layer lies in a block, and where.</summary>
    public (KeyValueLayout Layout, long Offset) Layer(int layer) => (_layouts[layer], _offsets[layer]);

    /// <summary>Makes room for <paramref name="count"/> more positions, in blocks that no other cache sees.</summary>
    public unsafe void Reserve(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var needed = BlocksFor(Length + count);
        var partial = Length / KeyValueLayout.BlockTokens;
        for (var i = partial; i < Math.Min(needed, _blocks.Count); i++)
        {
            if (!_blocks[i].Shared)
                continue;
            var own = _blocks[i].Copy();
            _blocks[i].Release();
            _blocks[i] = own;
        }

        while (_blocks.Count < needed)
            _blocks.Add(new CacheBlock(_memory, _blockSize));
        Blocks = [.. _blocks.Select(block => (nint)block.Data)];
    }

    public override int LongestFork(int length) => Math.Min(length, Length);

    public override SequenceCache Fork(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        var fork = new CpuCache(this) { Length = length };
        fork._blocks.AddRange(_blocks.Take(BlocksFor(length)).Select(block => block.Share()));
        return fork;
    }

    public override bool Truncate(int length)
    {
        if (length < 0 || length > Length)
            return false;
        Drop(BlocksFor(length));
        Length = length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        Drop(0);
        Length = 0;
    }

    private void Drop(int kept)
    {
        for (var i = kept; i < _blocks.Count; i++)
            _blocks[i].Release();
        _blocks.RemoveRange(kept, _blocks.Count - kept);
    }

    private static int BlocksFor(int length) => (length + KeyValueLayout.BlockTokens - 1) / KeyValueLayout.BlockTokens;
}
