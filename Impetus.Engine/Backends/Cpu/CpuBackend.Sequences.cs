using Impetus.Engine.Backends.Cpu.Kernels;
using Impetus.Engine.Backends.Cpu.Memory;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Operations that know which tokens belong together.</summary>
public sealed unsafe partial class CpuBackend
{
    private readonly List<AttendItem> _attendItems = [];

    /// <inheritdoc/>
    public Tensor Rope(Tensor x, Batch batch, RopeFrequencies frequencies)
    {
        var step = (CpuBatch)batch;
        var (heads, width) = (x.Shape[1], x.Shape[2]);
        if (frequencies.Dims > width)
            throw new ArgumentException($"{frequencies.Dims} features are to rotate, a head has {width}.", nameof(frequencies));
        if (!_ropes.TryGetValue(frequencies, out var table))
            _ropes[frequencies] = table = new RopeTable(frequencies);
        table.Cover(step.Positions.Max());

        var y = New(x.Shape);
        fixed (float* cos = table.Cos, sin = table.Sin)
        {
            var job = new RopeJob(_kernels, Own(x).Data, step.Positions, cos, sin, frequencies, heads, width, y.Data);
            _crew.Run(ref job, step.TokenCount, Math.Max(1, NumbersPerItem / (heads * width)));
        }

        return y;
    }

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor? key, Tensor? value, Batch batch, AttendOptions options)
    {
        var step = (CpuBatch)batch;
        var (heads, keyWidth) = (query.Shape[1], query.Shape[2]);
        var memory = new KeyValueHead[step.Rows.Count];
        var layout = key is not null && value is not null
            ? new KeyValueLayout(key.Shape[1], keyWidth, value.Shape[2])
            : step.Rows[0].Cache is CpuCache shared ? shared.Layer(layer).Layout
            : throw new InvalidOperationException("Without keys and values there is only the cache to read, and a sequence of the step has none.");
        if (heads % layout.Heads != 0 || layout.KeyWidth != keyWidth)
            throw new ArgumentException($"Queries {query.Shape} do not go with {layout.Heads} KV heads of width {layout.KeyWidth}.", nameof(query));

        var transient = Locate(step, layer, layout, key is null, options, memory);
        if (key is not null && value is not null)
        {
            var write = new WriteJob(step, memory, Own(key).Data, Own(value).Data, layout);
            _crew.Run(ref write, step.Rows.Count * layout.Heads, step.TokenCount < 16 ? int.MaxValue : 1);
        }

        var y = New(new Shape(step.TokenCount, heads, layout.ValueWidth));
        var (bias, biasStride) = Biases(step, heads, options.Bias);
        PlanTiles(step, layout.Heads, heads / layout.Heads);
        RequireScratch(AttentionTile.Scratch(heads / layout.Heads, keyWidth, layout.ValueWidth));
        var job = new AttendJob(
            _kernels, _scratch, step, memory, _attendItems, Own(query).Data, y.Data, heads, Vector(options.Sinks, heads),
            bias is null ? null : (float*)bias.Data + (biasStride / 2), biasStride, options);
        _crew.Run(ref job, _attendItems.Count);
        bias?.Release();
        transient?.Release();
        return y;
    }

    /// <inheritdoc/>
    public Tensor Wanted(Tensor x, Batch batch)
    {
        var step = (CpuBatch)batch;
        var width = x.Shape[-1];
        var data = Own(x).Data;
        var y = New(new Shape(step.LogitCount, width));
        var to = y.Data;
        for (var s = 0; s < step.Rows.Count; s++)
        {
            var row = step.Rows[s];
            var count = row.Logits switch
            {
                LogitsWanted.All => row.Count,
                LogitsWanted.Last => 1,
                _ => 0,
            };
            CopyRows(data + ((long)(step.Firsts[s] + row.Count - count) * width), width, to, width, count);
            to += (long)count * width;
        }

        Counters.LogitRows += step.LogitCount;
        return y;
    }

    /// <inheritdoc/>
    public Tensor Pool(Tensor x, Batch batch, Pooling pooling)
    {
        var step = (CpuBatch)batch;
        var y = New(new Shape(step.Rows.Count, x.Shape[-1]));
        var job = new PoolJob(_kernels, step, Own(x).Data, x.Shape[-1], pooling, y.Data);
        _crew.Run(ref job, step.Rows.Count);
        return y;
    }

    /// <summary>Finds where each sequence's keys and values lie. Sequences without a cache get memory for this one operation.</summary>
    private SharedBuffer? Locate(CpuBatch step, int layer, KeyValueLayout layout, bool onlyRead, AttendOptions options, KeyValueHead[] memory)
    {
        SharedBuffer? transient = null;
        float* next = null;
        for (var s = 0; s < step.Rows.Count; s++)
        {
            if (step.Rows[s].Cache is CpuCache cache)
            {
                var own = cache.Layer(layer);
                if (own.Layout != layout)
                    throw new ArgumentException($"Layer {layer} of a cache holds {own.Layout}, not {layout}.", nameof(layer));
                own.State.RequireWithin(options, layer);
                memory[s] = new KeyValueHead(cache.Blocks(layer), own.Offset, layout);
                continue;
            }

            if (onlyRead)
                throw new InvalidOperationException("Without keys and values there is only the cache to read, and a sequence of the step has none.");
            transient ??= new SharedBuffer(_pool, (long)sizeof(float) * layout.BlockSize * step.Rows.Sum(row => row.Cache is null ? Blocks(row.Count) : 0));
            next = next is null ? (float*)transient.Data : next;
            var blocks = new nint[Blocks(step.Rows[s].Count)];
            for (var i = 0; i < blocks.Length; i++, next += layout.BlockSize)
                blocks[i] = (nint)next;
            memory[s] = new KeyValueHead(blocks, 0, layout);
        }

        return transient;
    }

    private static int Blocks(int tokens) => (tokens + KeyValueLayout.BlockTokens - 1) / KeyValueLayout.BlockTokens;

    private void PlanTiles(CpuBatch step, int keyHeads, int heads)
    {
        _attendItems.Clear();
        var tokens = Math.Max(1, AttentionTile.MaxRows / heads);
        for (var s = 0; s < step.Rows.Count; s++)
        {
            for (var keyHead = 0; keyHead < keyHeads; keyHead++)
            {
                for (var first = 0; first < step.Rows[s].Count; first += tokens)
                    _attendItems.Add(new AttendItem(s, first, Math.Min(tokens, step.Rows[s].Count - first), keyHead));
            }
        }
    }

    /// <summary>(Hq, distances): what each head adds to a score by distance, for all distances within the step's sequences.</summary>
    private (SharedBuffer? Biases, int Stride) Biases(CpuBatch step, int heads, RelativeBias? bias)
    {
        if (bias is null)
            return (null, 0);

        var reach = step.Rows.Max(row => row.Start + row.Count) - 1;
        var stride = (2 * reach) + 1;
        var buffer = new SharedBuffer(_pool, (long)sizeof(float) * heads * stride);
        var table = Own(bias.Table).Data;
        var data = (float*)buffer.Data;
        for (var distance = -reach; distance <= reach; distance++)
        {
            var bucket = RelativeBuckets.Bucket(distance, bias.Table.Shape[0], bias.MaxDistance);
            for (var head = 0; head < heads; head++)
                data[((long)head * stride) + distance + reach] = table[(bucket * heads) + head];
        }

        return (buffer, stride);
    }

    private readonly record struct AttendItem(int Sequence, int First, int Tokens, int KeyHead);

    private readonly struct RopeJob(
        CpuKernels kernels, float* x, int[] positions, float* cos, float* sin, RopeFrequencies frequencies, int heads, int width, float* y) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            var pairs = frequencies.InverseFrequencies.Length;
            for (var token = first; token < end; token++)
            {
                var angle = (long)positions[token] * pairs;
                for (var head = 0; head < heads; head++)
                {
                    var at = (((long)token * heads) + head) * width;
                    if (frequencies.Interleaved)
                        RotateInterleaved(x + at, cos + angle, sin + angle, pairs, y + at);
                    else
                        kernels.Rotate(x + at, cos + angle, sin + angle, pairs, y + at);
                    CopyRows(x + at + (2 * pairs), width, y + at + (2 * pairs), width - (2 * pairs), 1);
                }
            }
        }

        private static void RotateInterleaved(float* x, float* cos, float* sin, int pairs, float* y)
        {
            for (var i = 0; i < pairs; i++)
            {
                var (a, b) = (x[2 * i], x[(2 * i) + 1]);
                y[2 * i] = (a * cos[i]) - (b * sin[i]);
                y[(2 * i) + 1] = (a * sin[i]) + (b * cos[i]);
            }
        }
    }

    private readonly struct WriteJob(CpuBatch step, KeyValueHead[] memory, float* keys, float* values, KeyValueLayout layout) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var item = first; item < end; item++)
            {
                var (s, head) = (item / layout.Heads, item % layout.Heads);
                var to = memory[s] with { Offset = memory[s].Offset + ((long)head * layout.HeadSize) };
                for (var i = 0; i < step.Rows[s].Count; i++)
                {
                    var at = ((long)(step.Firsts[s] + i) * layout.Heads) + head;
                    to.Write(step.Positions[step.Firsts[s] + i], keys + (at * layout.KeyWidth), values + (at * layout.ValueWidth));
                }
            }
        }
    }

    private readonly struct AttendJob(
        CpuKernels kernels,
        nint[] scratch,
        CpuBatch step,
        KeyValueHead[] memory,
        List<AttendItem> items,
        float* query,
        float* y,
        int heads,
        float* sinks,
        float* bias,
        int biasStride,
        AttendOptions options) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var i = first; i < end; i++)
            {
                var item = items[i];
                var (row, layout) = (step.Rows[item.Sequence], memory[item.Sequence].Layout);
                var group = heads / layout.Heads;
                var token = (long)(step.Firsts[item.Sequence] + item.First);
                var head = item.KeyHead * group;
                var own = memory[item.Sequence];
                var tile = new AttentionTile
                {
                    Query = query + (((token * heads) + head) * layout.KeyWidth),
                    QueryStride = heads * layout.KeyWidth,
                    Output = y + (((token * heads) + head) * layout.ValueWidth),
                    OutputStride = heads * layout.ValueWidth,
                    Tokens = item.Tokens,
                    Heads = group,
                    Position = step.Positions[token],
                    Memory = own with { Offset = own.Offset + ((long)item.KeyHead * layout.HeadSize) },
                    Keys = step.Positions[step.Firsts[item.Sequence]] + row.Count,
                    Left = options.Left ?? int.MaxValue,
                    Right = row.Bidirectional ? options.Right ?? int.MaxValue : 0,
                    Scale = options.Scale,
                    SoftCap = options.SoftCap ?? 0,
                    Sinks = sinks is null ? null : sinks + head,
                    Bias = bias is null ? null : bias + ((long)head * biasStride),
                    BiasStride = biasStride,
                };
                kernels.Attend(tile, (float*)scratch[worker]);
            }
        }
    }

    private readonly struct PoolJob(CpuKernels kernels, CpuBatch step, float* x, int width, Pooling pooling, float* y) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var s = first; s < end; s++)
                PoolOne(x + ((long)step.Firsts[s] * width), step.Rows[s].Count, y + ((long)s * width));
        }

        private void PoolOne(float* vectors, int count, float* pooled)
        {
            var chosen = pooling == Pooling.Last ? count - 1 : 0;
            CopyRows(vectors + ((long)chosen * width), width, pooled, width, 1);
            if (pooling is Pooling.First or Pooling.Last)
                return;

            for (var t = 1; t < count; t++)
            {
                var vector = vectors + ((long)t * width);
                for (var i = 0; i < width; i++)
                    pooled[i] = pooling == Pooling.Max ? Math.Max(pooled[i], vector[i])
                        : pooling == Pooling.Mean ? pooled[i] + vector[i]
                        : MathF.FusedMultiplyAdd(vector[i], t + 1, pooled[i]);
            }

            if (pooling == Pooling.Mean)
                kernels.Scale(pooled, 1f / count, pooled, width);
            else if (pooling == Pooling.WeightedMean)
                kernels.Scale(pooled, (float)(2.0 / ((double)count * (count + 1))), pooled, width);
        }
    }
}
