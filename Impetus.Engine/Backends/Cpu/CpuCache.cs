using Impetus.Engine.Backends.Cpu.Memory;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>
/// A sequence's keys and values in blocks of 64 positions. Any length can be forked at and truncated to whose window is still
/// there.
/// </summary>
internal sealed class CpuCache : SequenceCache
{
    private readonly Place[] _places;
    private readonly BlockList[] _lists;
    private int _checkpoint;
    private bool _disposed;

    public CpuCache(CacheMemory memory, IReadOnlyList<LayerState> layers)
    {
        var windows = layers.Select(layer => layer.Window).Distinct().ToList();
        var sizes = new long[windows.Count];
        _places = new Place[layers.Count];
        for (var i = 0; i < layers.Count; i++)
        {
            var list = windows.IndexOf(layers[i].Window);
            var layout = new KeyValueLayout(layers[i].KeyHeads, layers[i].KeyWidth, layers[i].ValueWidth);
            _places[i] = new Place(layers[i], layout, sizes[list], list);
            sizes[list] += layout.BlockSize;
        }

        _lists = [.. windows.Select((window, list) => new BlockList(memory, layers.First(layer => layer.Window == window), sizes[list]))];
    }

    private CpuCache(CpuCache origin, int length)
    {
        (_places, Length) = (origin._places, length);
        _lists = [.. origin._lists.Select(list => list.Fork(length))];
    }

    public override double ProportionalBytes => _lists.Sum(list => list.ProportionalBytes);

    /// <summary>How a layer lies in its blocks, and where.</summary>
    public Place Layer(int layer) => _places[layer];

    /// <summary>Where the blocks of a layer begin, as <see cref="Reserve"/> left them.</summary>
    public nint[] Blocks(int layer) => _lists[_places[layer].List].Addresses;

    /// <summary>Makes room for <paramref name="count"/> more positions, in blocks that no other cache sees.</summary>
    public void Reserve(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var list in _lists)
            list.Reserve(Length, Length + count);
    }

    /// <summary>Remembers <paramref name="count"/> more positions, and frees what is left of every window then.</summary>
    public void Advance(int count)
    {
        Length += count;
        foreach (var list in _lists)
            list.Forget(Length, _checkpoint);
    }

    public override int LongestFork(int length)
    {
        length = Math.Min(length, Length);
        if (CanResume(length))
            return length;
        length = Math.Min(length, BlockList.EndOf(_checkpoint));
        return CanResume(length) ? length : 0;
    }

    public override SequenceCache Fork(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, LongestFork(length));
        return new CpuCache(this, length);
    }

    public override bool Truncate(int length)
    {
        if (length < 0 || length > Length || !CanResume(length))
            return false;
        foreach (var list in _lists)
            list.Truncate(length);
        _checkpoint = Math.Min(_checkpoint, length);
        Length = length;
        return true;
    }

    public override void Checkpoint() => _checkpoint = Length;

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var list in _lists)
            list.Truncate(0);
        Length = 0;
    }

    private bool CanResume(int length) => Array.TrueForAll(_lists, list => list.CanResume(length));

    /// <summary>Where a layer's keys and values are.</summary>
    /// <param name="State">What the layer keeps.</param>
    /// <param name="Layout">How they lie in a block.</param>
    /// <param name="Offset">Numbers from a block's begin to the layer.</param>
    /// <param name="List">Which of the cache's lists of blocks.</param>
    internal readonly record struct Place(LayerState State, KeyValueLayout Layout, long Offset, int List);
}
