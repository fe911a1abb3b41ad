using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// Keys and values of one layer of a sequence: two buffers (1, Hkv, capacity, D) that are written in place. Without a window they
/// grow by blocks; with one they are moved on, block by block, to what queries still see. A copy shares them until either is
/// written, since MLX does not write into what another holds.
/// </summary>
internal sealed class MlxKeyValues(LayerState layer, MlxOps ops) : IDisposable
{
    private const int Block = 256, WindowBlock = 128;

    private Buffers? _now;

    // What the buffers were moved on from, if the checkpoint needs it.
    private Buffers? _before;
    private int _checkpoint;

    /// <summary>What is kept.</summary>
    public LayerState State => layer;

    /// <summary>Bytes, shared ones in equal parts.</summary>
    public double ProportionalBytes => (_now?.ProportionalBytes ?? 0) + (_before?.ProportionalBytes ?? 0);

    /// <summary>The buffers that are written to; none before the first token.</summary>
    public IEnumerable<MlxArray> Written => _now is null ? [] : [_now.Keys, _now.Values];

    /// <summary>Whether all is there that a token at a position of the sequence sees before itself.</summary>
    public bool CanResume(int length) => CanTruncate(length) || (length <= _checkpoint && _before is not null && Holds(_before, length));

    /// <summary>Whether the sequence can be cut there, which goes on in the buffers that it writes to.</summary>
    public bool CanTruncate(int length) => length == 0 || _now is null || Holds(_now, length);

    /// <summary>What a cache that begins with the first <paramref name="length"/> positions has of the layer.</summary>
    public MlxKeyValues Fork(int length) =>
        new(layer, ops) { _now = length == 0 ? null : (CanTruncate(length) ? _now : _before)?.Share() };

    /// <summary>The positions from <paramref name="length"/> on will be written anew.</summary>
    public void Truncate(int length)
    {
        _checkpoint = Math.Min(_checkpoint, length);
        if (length == 0)
            Dispose();
    }

    /// <summary>Keeps what a token at position <paramref name="length"/>, the present end, sees before itself.</summary>
    public void Checkpoint(int length)
    {
        _checkpoint = length;
        _before?.Dispose();
        _before = null;
    }

    /// <summary>Writes keys and values (1, Hkv, n, D) at a position.</summary>
    public void Write(MlxArray keys, MlxArray values, int start)
    {
        int end = start + keys.Extent(2);
        if (_now is null || end > _now.End)
            Move(keys, values, start, end);
        var room = _now!;
        _now = new Buffers(
            ops.SliceUpdate(room.Keys, keys, 2, start - room.First, end - room.First),
            ops.SliceUpdate(room.Values, values, 2, start - room.First, end - room.First),
            room.First);
        room.Dispose();
    }

    /// <summary>The keys and values at positions [from, to); the caller frees them.</summary>
    public (MlxArray Keys, MlxArray Values) Read(int from, int to) =>
        (ops.Slice(_now!.Keys, 2, from - _now.First, to - _now.First), ops.Slice(_now.Values, 2, from - _now.First, to - _now.First));

    /// <inheritdoc/>
    public void Dispose()
    {
        _now?.Dispose();
        _before?.Dispose();
        _now = _before = null;
    }

    private bool Holds(Buffers buffers, int length) => buffers.First <= layer.FirstSeen(length);

    /// <summary>Goes on in larger buffers, or in such as leave out what no query sees any more.</summary>
    private void Move(MlxArray keys, MlxArray values, int start, int end)
    {
        int first = Math.Max(_now?.First ?? 0, layer.FirstKept(start));
        int capacity = first == 0 ? Fill(end, Block) : start - first + Fill(end - start, WindowBlock);
        var moved = new Buffers(Moved(_now?.Keys, keys, start, first, capacity), Moved(_now?.Values, values, start, first, capacity), first);
        if (_now is not null && _checkpoint > 0 && Holds(_now, _checkpoint) && !Holds(moved, _checkpoint))
        {
            _before?.Dispose();
            _before = _now;
        }
        else
        {
            _now?.Dispose();
        }

        _now = moved;
    }

    private MlxArray Moved(MlxArray? buffer, MlxArray like, int start, int first, int capacity)
    {
        var free = ops.Zeros(like.Type, 1, like.Extent(1), capacity - (start - first), like.Extent(3));
        if (buffer is null || start == first)
            return free;
        using (free)
        using (var kept = ops.Slice(buffer, 2, first - _now!.First, start - _now.First))
            return ops.Concatenate([kept, free], 2);
    }

    private static int Fill(int count, int block) => (count + block - 1) / block * block;

    /// <summary>Two buffers of the positions from <paramref name="first"/> on.</summary>
    private sealed class Buffers(MlxArray keys, MlxArray values, int first) : IDisposable
    {
        private Sharers? _sharers;

        public MlxArray Keys => keys;

        public MlxArray Values => values;

        public int First => first;

        /// <summary>The position after the last that there is room for.</summary>
        public int End { get; } = first + keys.Extent(2);

        public double ProportionalBytes => (double)(Bytes(keys) + Bytes(values)) / (_sharers?.Count ?? 1);

        /// <summary>The same buffers for another cache.</summary>
        public Buffers Share()
        {
            _sharers ??= new Sharers();
            _sharers.Count++;
            return new Buffers(MlxOps.Share(keys), MlxOps.Share(values), first) { _sharers = _sharers };
        }

        public void Dispose()
        {
            keys.Dispose();
            values.Dispose();
            if (_sharers is not null)
                _sharers.Count--;
        }

        private static long Bytes(MlxArray array) => (long)MlxC.mlx_array_nbytes(array.Handle);
    }

    private sealed class Sharers
    {
        public int Count { get; set; } = 1;
    }
}
