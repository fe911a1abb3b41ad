using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>
/// The blocks of a sequence for the layers that have the same window, or none. A block stands for 64 fixed positions and is freed
/// when it lies left of the window, unless the checkpoint needs it.
/// </summary>
internal sealed class BlockList
{
    private const int Tokens = KeyValueLayout.BlockTokens;

    private readonly CacheMemory _memory;
    private readonly LayerState _layer;
    private readonly long _numbers;
    private readonly List<CacheBlock?> _blocks = [];

    /// <param name="memory">What is counted.</param>
    /// <param name="layer">Any of the layers: its window is that of all.</param>
    /// <param name="numbers">Numbers of a block, all layers.</param>
    public BlockList(CacheMemory memory, LayerState layer, long numbers) => (_memory, _layer, _numbers) = (memory, layer, numbers);

    /// <summary>Where the blocks begin, as <see cref="Reserve"/> left them; 0 for those that were freed.</summary>
    public nint[] Addresses { get; private set; } = [];

    /// <summary>Bytes, shared ones in equal parts.</summary>
    public double ProportionalBytes
    {
        get
        {
            var blocks = 0d;
            foreach (var block in _blocks)
                blocks += block is null ? 0 : 1d / block.Users;
            return blocks * _numbers * sizeof(float);
        }
    }

    /// <summary>Makes room for the positions from <paramref name="length"/> to <paramref name="end"/>, in blocks that no other cache sees.</summary>
    public unsafe void Reserve(int length, int end)
    {
        for (var i = length / Tokens; i < Math.Min(Count(end), _blocks.Count); i++)
        {
            if (_blocks[i] is not { Shared: true } shared)
                continue;
            _blocks[i] = shared.Copy();
            shared.Release();
        }

        while (_blocks.Count < Count(end))
            _blocks.Add(new CacheBlock(_memory, _numbers));
        Addresses = [.. _blocks.Select(block => block is null ? 0 : (nint)block.Data)];
    }

    /// <summary>Whether all is there that a token at position <paramref name="length"/> sees before itself.</summary>
    public bool CanResume(int length)
    {
        for (var i = _layer.FirstSeen(length) / Tokens; i < Count(length); i++)
        {
            if (_blocks[i] is null)
                return false;
        }

        return true;
    }

    /// <summary>The end of what a checkpoint keeps: whole blocks.</summary>
    public static int EndOf(int checkpoint) => Count(checkpoint) * Tokens;

    /// <summary>The same blocks for a cache that begins with the first <paramref name="length"/> positions.</summary>
    public BlockList Fork(int length)
    {
        var fork = new BlockList(_memory, _layer, _numbers);
        for (var i = 0; i < Count(length); i++)
            fork._blocks.Add(i < _layer.FirstKept(length) / Tokens ? null : _blocks[i]?.Share());
        return fork;
    }

    /// <summary>Frees what no token from position <paramref name="length"/> on sees, nor one after the checkpoint.</summary>
    public void Forget(int length, int checkpoint)
    {
        var (kept, end) = (_layer.FirstKept(checkpoint) / Tokens, Count(checkpoint));
        for (var i = 0; i < _layer.FirstKept(length) / Tokens; i++)
        {
            if (i >= kept && i < end)
                continue;
            _blocks[i]?.Release();
            _blocks[i] = null;
        }
    }

    /// <summary>Frees what lies behind the first <paramref name="length"/> positions.</summary>
    public void Truncate(int length)
    {
        var count = Count(length);
        for (var i = count; i < _blocks.Count; i++)
            _blocks[i]?.Release();
        _blocks.RemoveRange(count, _blocks.Count - count);
    }

    private static int Count(int length) => (length + Tokens - 1) / Tokens;
}
