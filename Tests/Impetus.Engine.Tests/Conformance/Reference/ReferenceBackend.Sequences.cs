using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>Sequence operations.</summary>
internal partial class ReferenceBackend
{
    public Tensor Rope(Tensor x, Batch batch, RopeFrequencies frequencies)
    {
        var (values, positions) = ((float[])Values(x).Clone(), ((ReferenceBatch)batch).Positions);
        var (heads, width, pairs) = (x.Shape[1], x.Shape[2], frequencies.InverseFrequencies.Length);
        for (var token = 0; token < positions.Length; token++)
        {
            for (var head = 0; head < heads; head++)
            {
                var first = ((token * heads) + head) * width;
                for (var pair = 0; pair < pairs; pair++)
                {
                    var (i, j) = frequencies.Interleaved ? (first + (2 * pair), first + (2 * pair) + 1) : (first + pair, first + pair + pairs);
                    var (sin, cos) = Math.SinCos((double)positions[token] * frequencies.InverseFrequencies[pair]);
                    var (a, b) = ((double)values[i] * frequencies.Magnitude, (double)values[j] * frequencies.Magnitude);
                    values[i] = (float)((a * cos) - (b * sin));
                    values[j] = (float)((a * sin) + (b * cos));
                }
            }
        }

        return New(x.Shape, values);
    }

    public Tensor Attend(int layer, Tensor query, Tensor? key, Tensor? value, Batch batch, AttendOptions options)
    {
        var step = (ReferenceBatch)batch;
        var (heads, keyWidth) = (query.Shape[1], query.Shape[2]);
        float[]? output = null;
        var valueWidth = 0;
        for (var s = 0; s < step.Rows.Count; s++)
        {
            var (row, first) = (step.Rows[s], step.Firsts[s]);
            (row.Cache as ReferenceCache)?.State(layer).RequireWithin(options, layer);
            var (keys, values) = Remember(layer, key, value, row, first);
            valueWidth = value is not null ? value.Shape[2] : values[0].Length / (keys[0].Length / keyWidth);
            output ??= new float[step.TokenCount * heads * valueWidth];
            for (var i = 0; i < row.Count; i++)
            {
                for (var head = 0; head < heads; head++)
                {
                    var index = ((first + i) * heads) + head;
                    AttendOne(
                        Values(query).AsSpan(index * keyWidth, keyWidth),
                        keys,
                        values,
                        row.Start + i,
                        head,
                        heads,
                        row.Bidirectional,
                        options,
                        output.AsSpan(index * valueWidth, valueWidth));
                }
            }
        }

        return New(new Shape(step.TokenCount, heads, valueWidth), output!);
    }

    public Tensor Wanted(Tensor x, Batch batch)
    {
        var step = (ReferenceBatch)batch;
        var (values, width) = (Values(x), x.Shape[-1]);
        var wanted = step.Rows.SelectMany((row, s) => row.Logits switch
        {
            LogitsWanted.All => Enumerable.Range(step.Firsts[s], row.Count),
            LogitsWanted.Last => [step.Firsts[s] + row.Count - 1],
            _ => Enumerable.Empty<int>(),
        }).ToArray();
        Counters.LogitRows += wanted.Length;
        return New(new Shape(wanted.Length, width), i => values[(wanted[i / width] * width) + (i % width)]);
    }

    public Tensor Pool(Tensor x, Batch batch, Pooling pooling)
    {
        var step = (ReferenceBatch)batch;
        var (values, width) = (Values(x), x.Shape[-1]);
        return New(new Shape(step.Rows.Count, width), i =>
        {
            var (s, column) = (i / width, i % width);
            var count = step.Rows[s].Count;
            var vector = Enumerable.Range(step.Firsts[s], count).Select(token => (double)values[(token * width) + column]);
            return (float)(pooling switch
            {
                Pooling.Mean => vector.Average(),
                Pooling.First => vector.First(),
                Pooling.Last => vector.Last(),
                Pooling.Max => vector.Max(),
                Pooling.WeightedMean => vector.Select((v, t) => v * (t + 1)).Sum() / (count * (count + 1) / 2.0),
                _ => throw new NotSupportedException($"{pooling} is not a known pooling."),
            });
        });
    }

    /// <summary>One vector (Hkv · D) a position: all keys and values that a sequence of this step can see.</summary>
    private static (List<float[]> Keys, List<float[]> Values) Remember(int layer, Tensor? key, Tensor? value, BatchRow row, int first)
    {
        if (key is null || value is null)
        {
            return row.Cache is ReferenceCache shared
                ? shared.Layer(layer)
                : throw new InvalidOperationException("Without keys and values there is only the cache to read, and the row has none.");
        }

        var cache = row.Cache as ReferenceCache;
        (List<float[]> Keys, List<float[]> Values) seen = cache?.Layer(layer) ?? ([], []);
        for (var i = 0; i < row.Count; i++)
        {
            var (k, v) = (Token(key, first + i), Token(value, first + i));
            if (cache is not null)
            {
                cache.Write(layer, row.Start + i, k, v);
                continue;
            }

            seen.Keys.Add(k);
            seen.Values.Add(v);
        }

        return seen;
    }

    private static float[] Token(Tensor x, int token)
    {
        var width = x.Shape[1] * x.Shape[2];
        return Values(x).AsSpan(token * width, width).ToArray();
    }

    private static void AttendOne(
        ReadOnlySpan<float> query,
        List<float[]> keys,
        List<float[]> values,
        int position,
        int head,
        int heads,
        bool bidirectional,
        AttendOptions options,
        Span<float> output)
    {
        var keyHeads = keys[0].Length / query.Length;
        var keyHead = head * keyHeads / heads;
        var from = options.Left is { } left ? Math.Max(0, position - left) : 0;
        var to = bidirectional
            ? (int)Math.Min(keys.Count - 1L, position + (long)(options.Right ?? int.MaxValue))
            : position;

        var scores = new double[to - from + 1];
        for (var i = 0; i < scores.Length; i++)
        {
            var dot = 0.0;
            for (var d = 0; d < query.Length; d++)
                dot += (double)query[d] * keys[from + i][(keyHead * query.Length) + d];
            scores[i] = dot * options.Scale;
            if (options.SoftCap is { } cap)
                scores[i] = cap * Math.Tanh(scores[i] / cap);
            if (options.Bias is { } bias)
                scores[i] += Values(bias.Table)[(Bucket(from + i - position, bias) * heads) + head];
        }

        var sink = options.Sinks is { } sinks ? Values(sinks)[head] : double.NegativeInfinity;
        var largest = Math.Max(sink, scores.Max());
        var sum = Math.Exp(sink - largest);
        foreach (var score in scores)
            sum += Math.Exp(score - largest);

        for (var d = 0; d < output.Length; d++)
        {
            var mixed = 0.0;
            for (var i = 0; i < scores.Length; i++)
                mixed += Math.Exp(scores[i] - largest) / sum * values[from + i][(keyHead * output.Length) + d];
            output[d] = (float)mixed;
        }
    }

    private static int Bucket(int distance, RelativeBias bias)
    {
        var half = bias.Table.Shape[0] / 2;
        var (exact, behind) = (half / 2, Math.Abs(distance));
        var bucket = behind < exact
            ? behind
            : Math.Min(half - 1, exact + (int)(MathF.Log((float)behind / exact) / MathF.Log((float)bias.MaxDistance / exact) * (half - exact)));
        return bucket + (distance > 0 ? half : 0);
    }
}
