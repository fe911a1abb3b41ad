using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>Sequence operations. Inside, a sequence's part of (T, H, D) is seen as (1, H, n, D), as MLX's fused operations want it.</summary>
internal sealed unsafe partial class MlxBackend
{
    private readonly Dictionary<RopeFrequencies, MlxArray> _periods = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    public Tensor Rope(Tensor x, Batch batch, RopeFrequencies frequencies)
    {
        var step = (MlxBatch)batch;
        if (step.Rows.Count == 1)
        {
            using var rows = SequenceRows(x, step, 0);
            return Own(new MlxTensor(x.Shape, x.Type, Turned(rows, frequencies, step.Rows[0].Start), _byToken));
        }

        if (step.IsDecode)
        {
            using var starts = step.Starts();
            using var rows = _ops.Reshape(MlxTensor.Of(x), x.Shape[0], x.Shape[1], 1, x.Shape[2]);
            using var turning = Magnified(rows, frequencies);
            using var turned = _ops.Rope(turning, frequencies.Dims, frequencies.Interleaved, starts, Periods(frequencies));
            return New(x.Shape, _ops.Reshape(turned, x.Shape[0], x.Shape[1], x.Shape[2]));
        }

        return New(x.Shape, ForEachSequence(step, s =>
        {
            using var rows = SequenceRows(x, step, s);
            using var turned = Turned(rows, frequencies, step.Rows[s].Start);
            return TokenRows(turned);
        }));
    }

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor? key, Tensor? value, Batch batch, AttendOptions options)
    {
        var step = (MlxBatch)batch;
        var attended = step.Rows.Count == 1
            ? Attend(layer, query, key, value, step, 0, options)
            : ForEachSequence(step, s => Attend(layer, query, key, value, step, s, options));
        return New(new Shape(step.TokenCount, query.Shape[1], attended.Extent(2)), attended);
    }

    /// <inheritdoc/>
    public Tensor Wanted(Tensor x, Batch batch)
    {
        var step = (MlxBatch)batch;
        Counters.LogitRows += step.LogitCount;
        if (step.LogitCount == step.TokenCount)
            return x;
        using var rows = step.WantedRows();
        return New(new Shape(step.LogitCount, x.Shape[-1]), _ops.Take(MlxTensor.Of(x), rows, 0));
    }

    /// <inheritdoc/>
    public Tensor Pool(Tensor x, Batch batch, Pooling pooling)
    {
        var step = (MlxBatch)batch;
        int sequences = step.Rows.Count, width = x.Shape[-1];
        var pooled = new MlxArray[sequences];
        for (int s = 0; s < sequences; s++)
        {
            using var rows = _ops.Slice(MlxTensor.Of(x), 0, step.Firsts[s], step.Firsts[s] + step.Rows[s].Count);
            pooled[s] = Pooled(rows, step.Rows[s].Count, pooling);
        }

        return New(new Shape(sequences, width), Joined(pooled));
    }

    /// <summary>Positions per radian, as MLX wants them; made once between two trims.</summary>
    private MlxArray Periods(RopeFrequencies frequencies)
    {
        if (!_periods.TryGetValue(frequencies, out var periods))
            _periods[frequencies] = periods = FloatsFrom([.. frequencies.InverseFrequencies.Select(v => 1 / v)], frequencies.InverseFrequencies.Length);
        return periods;
    }

    /// <summary>Frees the periods of all models, which cannot be told from those of models that have gone.</summary>
    private void ForgetPeriods()
    {
        foreach (var periods in _periods.Values)
            periods.Dispose();
        _periods.Clear();
    }

    private MlxArray Pooled(MlxArray rows, int count, Pooling pooling)
    {
        switch (pooling)
        {
            case Pooling.First:
                return _ops.Slice(rows, 0, 0, 1);
            case Pooling.Last:
                return _ops.Slice(rows, 0, count - 1, count);
            case Pooling.Max:
                return _ops.Max(rows, 0, keep: true);
            case Pooling.Mean:
            case Pooling.WeightedMean:
                double sum = count * (count + 1) / 2.0;
                using (var weights = FloatsFrom([.. Enumerable.Range(1, count).Select(i => pooling == Pooling.Mean ? 1f / count : (float)(i / sum))], 1, count))
                using (var typed = _ops.As(weights, rows.Type))
                    return _ops.MatMul(typed, rows);
            default:
                throw new NotSupportedException($"{pooling} is not a known pooling.");
        }
    }

    /// <summary>(…, T, D), turned by its positions from <paramref name="start"/> on.</summary>
    private MlxArray Turned(MlxArray rows, RopeFrequencies frequencies, int start)
    {
        using var turning = Magnified(rows, frequencies);
        return _ops.Rope(turning, frequencies.Dims, frequencies.Interleaved, start, Periods(frequencies));
    }

    /// <summary>The features that are turned, times yarn's factor.</summary>
    private MlxArray Magnified(MlxArray x, RopeFrequencies frequencies)
    {
        if (frequencies.Magnitude == 1)
            return MlxOps.Share(x);
        int width = x.Extent(-1);
        using var factors = FloatsFrom([.. Enumerable.Range(0, width).Select(i => i < frequencies.Dims ? frequencies.Magnitude : 1)], width);
        using var typed = _ops.As(factors, x.Type);
        return _ops.Multiply(x, typed);
    }

    /// <summary>The keys and values that a sequence's queries can see, and the position of the first.</summary>
    private (MlxArray Keys, MlxArray Values, int First) Visible(int layer, Tensor? key, Tensor? value, MlxBatch step, int s, AttendOptions options)
    {
        var row = step.Rows[s];
        if (row.Cache is not MlxCache cache)
        {
            return key is null || value is null
                ? throw new InvalidOperationException("Without keys and values there is only the cache to read, and the row has none.")
                : (SequenceRows(key, step, s), SequenceRows(value, step, s), 0);
        }

        var memory = cache.Layer(layer);
        memory.State.RequireWithin(options, layer);
        if (key is not null && value is not null)
        {
            using var keys = SequenceRows(key, step, s);
            using var values = SequenceRows(value, step, s);
            memory.Write(keys, values, row.Start);
        }

        int first = options.Left is { } left ? Math.Max(0, row.Start - left) : 0;
        var (seenKeys, seenValues) = memory.Read(first, row.Start + row.Count);
        return (seenKeys, seenValues, first);
    }

    /// <summary>One sequence's part of the attention, (n, Hq, Dv).</summary>
    private MlxArray Attend(int layer, Tensor query, Tensor? key, Tensor? value, MlxBatch step, int s, AttendOptions options)
    {
        using var queries = SequenceRows(query, step, s);
        var (keys, values, first) = Visible(layer, key, value, step, s, options);
        using (keys)
        using (values)
        using (var mixed = Attend(queries, keys, values, step.Rows[s], first, options))
            return TokenRows(mixed);
    }

    private MlxArray Attend(MlxArray queries, MlxArray keys, MlxArray values, BatchRow row, int first, AttendOptions options)
    {
        int count = row.Count, seen = keys.Extent(2);
        using var mask = Mask(row, first, seen, options);
        using var sinks = options.Sinks is null ? null : _ops.As(MlxTensor.Of(options.Sinks), queries.Type);
        if (options.SoftCap is null && options.Bias is null)
            return _ops.Attend(queries, keys, values, options.Scale, causal: !row.Bidirectional && count > 1, mask, sinks);
        if (sinks is not null)
            throw new NotSupportedException("Attention sinks beside a soft cap or a position bias are not computed.");
        return Composed(queries, keys, values, mask ?? FullMask(row, first, seen), row, first, options);
    }

    /// <summary>Attention in single operations, for what the fused one lacks: soft cap and position bias.</summary>
    private MlxArray Composed(MlxArray queries, MlxArray keys, MlxArray values, MlxArray mask, BatchRow row, int first, AttendOptions options)
    {
        int heads = queries.Extent(1), keyHeads = keys.Extent(1), count = queries.Extent(2), seen = keys.Extent(2), share = heads / keyHeads;
        using var seenMask = mask;
        using var grouped = _ops.Reshape(queries, keyHeads, share * count, queries.Extent(3));
        using var flatKeys = _ops.Reshape(keys, keyHeads, seen, keys.Extent(3));
        using var turned = _ops.Transpose(flatKeys, 0, 2, 1);
        using var dots = _ops.MatMul(grouped, turned);
        using var byHead = _ops.Reshape(dots, heads, count, seen);
        using var scaled = _ops.Scaled(byHead, options.Scale);
        using var capped = options.SoftCap is { } cap ? Capped(scaled, cap) : _ops.Scaled(scaled, 1);
        using var biased = options.Bias is { } bias ? Biased(capped, bias, row, first, seen) : _ops.Scaled(capped, 1);
        using var never = _ops.ScalarLike(float.NegativeInfinity, biased);
        using var masked = _ops.Where(seenMask, biased, never);
        using var shares = _ops.Softmax(masked, -1);
        using var again = _ops.Reshape(shares, keyHeads, share * count, seen);
        using var flatValues = _ops.Reshape(values, keyHeads, seen, values.Extent(3));
        using var mixed = _ops.MatMul(again, flatValues);
        return _ops.Reshape(mixed, 1, heads, count, values.Extent(3));
    }

    private MlxArray Biased(MlxArray scores, RelativeBias bias, BatchRow row, int first, int seen)
    {
        var buckets = new int[row.Count * seen];
        for (int i = 0; i < buckets.Length; i++)
            buckets[i] = bias.Bucket(first + (i % seen) - (row.Start + (i / seen)));
        using var ids = MlxBatch.From(buckets);
        using var taken = _ops.Take(MlxTensor.Of(bias.Table), ids, 0);
        using var placed = _ops.Reshape(taken, row.Count, seen, bias.Table.Shape[1]);
        using var byHead = _ops.Transpose(placed, 2, 0, 1);
        return _ops.Add(scores, byHead);
    }

    /// <summary>Which keys each query sees, where "all" and "causal" do not say it; null where they do.</summary>
    private static MlxArray? Mask(BatchRow row, int first, int seen, AttendOptions options)
    {
        bool left = options.Left is { } l && l < seen - 1 && row.Count > 1;
        bool right = row.Bidirectional && options.Right is { } r && r < seen - 1;
        return left || right ? MaskFrom(row, first, seen, options.Left, options.Right) : null;
    }

    private static MlxArray FullMask(BatchRow row, int first, int seen) => MaskFrom(row, first, seen, null, null);

    private static MlxArray MaskFrom(BatchRow row, int first, int seen, int? left, int? right)
    {
        var mask = new byte[row.Count * seen];
        for (int i = 0; i < row.Count; i++)
        {
            int position = row.Start + i;
            long from = position - (long)(left ?? int.MaxValue), to = row.Bidirectional ? position + (long)(right ?? int.MaxValue) : position;
            for (int j = 0; j < seen; j++)
                mask[(i * seen) + j] = first + j >= from && first + j <= to ? (byte)1 : (byte)0;
        }

        fixed (byte* data = mask)
            return MlxArray.From(data, [row.Count, seen], mlx_dtype.MLX_BOOL);
    }

    /// <summary>A sequence's part of (T, H, D), as (1, H, n, D).</summary>
    private MlxArray SequenceRows(Tensor x, MlxBatch step, int s)
    {
        var own = MlxTensor.Own(x);
        if (own.ByHead is not null)
            return MlxOps.Share(own.ByHead);
        int count = step.Rows[s].Count, heads = x.Shape[1], width = x.Shape[2];
        using var part = step.Rows.Count == 1 ? MlxOps.Share(own.Array) : _ops.Slice(own.Array, 0, step.Firsts[s], step.Firsts[s] + count);
        // One token lies the same either way.
        if (count == 1)
            return _ops.Reshape(part, 1, heads, 1, width);
        using var alone = _ops.Reshape(part, 1, count, heads, width);
        return _ops.Transpose(alone, 0, 2, 1, 3);
    }

    /// <summary>(1, H, n, D) back to (n, H, D).</summary>
    private MlxArray TokenRows(MlxArray x)
    {
        if (x.Extent(2) == 1)
            return _ops.Reshape(x, 1, x.Extent(1), x.Extent(3));
        using var turned = _ops.Transpose(x, 0, 2, 1, 3);
        return _ops.Reshape(turned, x.Extent(2), x.Extent(1), x.Extent(3));
    }

    private MlxArray ForEachSequence(MlxBatch step, Func<int, MlxArray> make)
    {
        var parts = new MlxArray[step.Rows.Count];
        for (int s = 0; s < parts.Length; s++)
            parts[s] = make(s);
        return Joined(parts);
    }

    private MlxArray Joined(MlxArray[] parts)
    {
        if (parts.Length == 1)
            return parts[0];
        var joined = _ops.Concatenate(parts, 0);
        foreach (var part in parts)
            part.Dispose();
        return joined;
    }

    private static MlxArray FloatsFrom(float[] values, params ReadOnlySpan<int> shape)
    {
        fixed (float* data = values)
            return MlxArray.From(data, shape, mlx_dtype.MLX_FLOAT32);
    }
}
