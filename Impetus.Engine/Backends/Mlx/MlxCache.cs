using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// Keys and values of one sequence: for each layer two buffers (1, Hkv, capacity, D) that are written in place and grow by
/// blocks. A fork holds the same buffers; the one that writes first gets a copy, since MLX does not write into what another
/// holds.
/// </summary>
internal sealed class MlxCache(IReadOnlyList<LayerState> layers, MlxOps ops) : SequenceCache
{
    private const int Block = 256;

    private readonly (MlxArray? Keys, MlxArray? Values)[] _buffers = new (MlxArray?, MlxArray?)[layers.Count];

    /// <summary>What it holds; buffers that are shared with a fork count wholly for both until one writes.</summary>
    public override double ProportionalBytes => _buffers.Sum(pair => Bytes(pair.Keys) + Bytes(pair.Values));

    /// <summary>The buffers that were written so far.</summary>
    public IEnumerable<MlxArray> Buffers => _buffers.SelectMany(pair => new[] { pair.Keys, pair.Values }).OfType<MlxArray>();

    public override int LongestFork(int length) => Math.Min(length, Length);

    public override SequenceCache Fork(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var fork = new MlxCache(layers, ops) { Length = length };
        for (int layer = 0; layer < _buffers.Length; layer++)
            fork._buffers[layer] = (Share(_buffers[layer].Keys), Share(_buffers[layer].Values));
        return fork;
    }

    public override bool Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > Length)
            return false;
        Length = length;
        return true;
    }

    /// <summary>Writes keys and values (1, Hkv, n, D) at a position of a layer.</summary>
    public void Write(int layer, MlxArray keys, MlxArray values, int start)
    {
        _buffers[layer] = (Write(_buffers[layer].Keys, keys, start), Write(_buffers[layer].Values, values, start));
    }

    /// <summary>The keys and values at positions [from, to) of a layer; the caller frees them.</summary>
    public (MlxArray Keys, MlxArray Values) Read(int layer, int from, int to)
    {
        var (keys, values) = _buffers[layer];
        return (ops.Slice(keys!, 2, from, to), ops.Slice(values!, 2, from, to));
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var (keys, values) in _buffers)
        {
            keys?.Dispose();
            values?.Dispose();
        }

        Array.Clear(_buffers);
    }

    private MlxArray Write(MlxArray? buffer, MlxArray update, int start)
    {
        int stop = start + update.Extent(2);
        using var room = Grown(buffer, update, stop);
        return ops.SliceUpdate(room, update, 2, start, stop);
    }

    /// <summary>A buffer that holds <paramref name="length"/> positions. The old handle is given up.</summary>
    private MlxArray Grown(MlxArray? buffer, MlxArray like, int length)
    {
        int capacity = buffer?.Extent(2) ?? 0;
        if (capacity >= length)
            return buffer!;
        int missing = ((length + Block - 1) / Block * Block) - capacity;
        var more = ops.Zeros(like.Type, 1, like.Extent(1), missing, like.Extent(3));
        if (buffer is null)
            return more;
        using (more)
        using (buffer)
            return ops.Concatenate([buffer, more], 2);
    }

    private static MlxArray? Share(MlxArray? array) => array is null ? null : MlxOps.Share(array);

    private static long Bytes(MlxArray? array) => array is null ? 0 : (long)MlxC.mlx_array_nbytes(array.Handle);
}
