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

    private readonly Layer[] _layers = [.. layers.Select(_ => new Layer(null, null, new Sharers()))];

    public override double ProportionalBytes => _layers.Sum(layer => (double)(Bytes(layer.Keys) + Bytes(layer.Values)) / layer.Sharers.Count);

    /// <summary>The buffers that were written so far.</summary>
    public IEnumerable<MlxArray> Buffers => _layers.SelectMany(layer => new[] { layer.Keys, layer.Values }).OfType<MlxArray>();

    public override int LongestFork(int length) => Math.Min(length, Length);

    public override SequenceCache Fork(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var fork = new MlxCache(layers, ops) { Length = length };
        for (int i = 0; i < _layers.Length; i++)
        {
            var (keys, values, sharers) = _layers[i];
            fork._layers[i] = new Layer(Share(keys), Share(values), sharers);
            sharers.Count++;
        }

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
        var (oldKeys, oldValues, sharers) = _layers[layer];
        if (sharers.Count > 1)
        {
            sharers.Count--;
            sharers = new Sharers();
        }

        _layers[layer] = new Layer(Write(oldKeys, keys, start), Write(oldValues, values, start), sharers);
    }

    /// <summary>The keys and values at positions [from, to) of a layer; the caller frees them.</summary>
    public (MlxArray Keys, MlxArray Values) Read(int layer, int from, int to)
    {
        var (keys, values, _) = _layers[layer];
        return (ops.Slice(keys!, 2, from, to), ops.Slice(values!, 2, from, to));
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        for (int i = 0; i < _layers.Length; i++)
        {
            var (keys, values, sharers) = _layers[i];
            keys?.Dispose();
            values?.Dispose();
            sharers.Count--;
            _layers[i] = new Layer(null, null, new Sharers());
        }
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

    /// <summary>A layer's buffers, and how many caches hold the same.</summary>
    private readonly record struct Layer(MlxArray? Keys, MlxArray? Values, Sharers Sharers);

    private sealed class Sharers
    {
        public int Count { get; set; } = 1;
    }
}
