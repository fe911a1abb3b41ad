using System.Runtime.CompilerServices;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Operations that know which tokens belong together.</summary>
public abstract partial class BackendConformance
{
    [Theory]
    [InlineData(4, 1, 8, 4, false)]
    [InlineData(1, 3, 20, 5, true)]
    [InlineData(2, 2, 66, 33, false)]
    [InlineData(2, 2, 66, 33, true)]
    [Covers(nameof(IBackend.Rope))]
    public void Positions_turn_pairs_of_features(int heads, int sequences, int width, int pairs, bool interleaved)
    {
        var frequencies = new RopeFrequencies([.. Enumerable.Range(0, pairs).Select(i => MathF.Pow(10000, -i / (float)pairs))], interleaved, 1.1f);
        BatchRow[] rows = [.. Enumerable.Range(1, sequences).Select(i => new BatchRow(3 * i))];
        var shape = new Shape(rows.Sum(row => row.Count), heads, width);
        var x = _data.Numbers(shape.Count);
        Same(b =>
        {
            using var batch = b.Begin(rows, new int[shape[0]]);
            return b.Rope(Make(b, x, shape), batch, frequencies);
        });
    }

    [Fact]
    public void Trimming_lets_go_of_the_frequencies_of_models_that_have_gone()
    {
        var gone = Turn();
        Backend.Trim();
        GC.Collect();
        Assert.False(gone.IsAlive);

        // No variable of the caller's holds them.
        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Turn()
        {
            var frequencies = new RopeFrequencies([1, 0.1f]);
            using var scope = Backend.Scope();
            using var batch = Backend.Begin([new BatchRow(1)], new int[1]);
            Read(Backend, Backend.Rope(Make(Backend, [1, 2, 3, 4], new Shape(1, 1, 4)), batch, frequencies));
            return new(frequencies);
        }
    }

    [Theory]
    [InlineData(1, 1, 8, 8, 5)]
    [InlineData(6, 2, 20, 12, 70)]
    [InlineData(4, 4, 64, 64, 130)]
    [InlineData(9, 3, 33, 40, 64)]
    [InlineData(64, 1, 16, 16, 3)]
    [Covers(nameof(IBackend.Attend))]
    public void Attention_of_any_heads_and_widths(int heads, int keyHeads, int keyWidth, int valueWidth, int tokens)
    {
        var attention = new Attention(_data, heads, keyHeads, keyWidth, valueWidth, tokens);
        foreach (var options in AllOptions(attention))
        {
            Same(b => attention.Run(b, options(b), [new BatchRow(tokens)]), 2e-5f);
            Same(b => attention.Run(b, options(b), [new BatchRow(tokens, Bidirectional: true)]), 2e-5f);
        }
    }

    [Fact]
    public void Sequences_of_a_step_do_not_see_each_other()
    {
        var attention = new Attention(_data, 4, 2, 16, 16, 90);
        BatchRow[] rows = [new BatchRow(3, Bidirectional: true), new BatchRow(70), new BatchRow(1), new BatchRow(16, Bidirectional: true)];
        foreach (var options in AllOptions(attention))
            Same(b => attention.Run(b, options(b), rows), 2e-5f);
    }

    [Fact]
    public void Relative_biases_reach_over_all_distances()
    {
        var attention = new Attention(_data, 12, 12, 8, 8, 300);
        var table = _data.Numbers(32 * 12);
        Same(
            b => attention.Run(
                b, new AttendOptions { Scale = 0.3f, Bias = new RelativeBias(Make(b, table, new Shape(32, 12)), 128) }, [new BatchRow(300, Bidirectional: true)]),
            2e-5f);
    }

    [Fact]
    [Covers(nameof(IBackend.Wanted))]
    public void The_rows_whose_logits_are_wanted_are_picked_in_order()
    {
        var x = _data.Numbers(9 * 5);
        BatchRow[] rows = [new BatchRow(2, Logits: LogitsWanted.None), new BatchRow(3), new BatchRow(3, Logits: LogitsWanted.All), new BatchRow(1)];
        Same(b =>
        {
            using var batch = b.Begin(rows, new int[9]);
            Assert.Equal(5, batch.LogitCount);
            return b.Wanted(Make(b, x, new Shape(9, 5)), batch);
        });
    }

    [Fact]
    [Covers(nameof(IBackend.Pool))]
    public void Vectors_of_a_sequence_become_one()
    {
        var x = _data.Numbers(50 * 37);
        foreach (var pooling in Enum.GetValues<Pooling>())
        {
            Same(b =>
            {
                using var batch = b.Begin([new BatchRow(1), new BatchRow(40, Bidirectional: true), new BatchRow(9)], new int[50]);
                return b.Pool(Make(b, x, new Shape(50, 37)), batch, pooling);
            });
        }
    }

    private static Func<IBackend, AttendOptions>[] AllOptions(Attention attention)
    {
        var (sinks, table) = (attention.Data.Numbers(attention.Heads), attention.Data.Numbers(32 * attention.Heads));
        return
        [
            _ => new AttendOptions { Scale = 0.2f },
            _ => new AttendOptions { Scale = 0.2f, Left = 0 },
            _ => new AttendOptions { Scale = 0.2f, Left = 65, Right = 2 },
            _ => new AttendOptions { Scale = 3, SoftCap = 5 },
            b => new AttendOptions { Scale = 0.2f, Left = 7, Sinks = Make(b, sinks, new Shape(attention.Heads)) },
            b => new AttendOptions { Scale = 0.2f, Bias = new RelativeBias(Make(b, table, new Shape(32, attention.Heads)), 128) },
        ];
    }

    /// <summary>Random queries, keys and values.</summary>
    private sealed class Attention(StoredData data, int heads, int keyHeads, int keyWidth, int valueWidth, int tokens)
    {
        private readonly float[] _query = data.Numbers(tokens * heads * keyWidth);
        private readonly float[] _key = data.Numbers(tokens * keyHeads * keyWidth);
        private readonly float[] _value = data.Numbers(tokens * keyHeads * valueWidth);

        public StoredData Data => data;

        public int Heads => heads;

        public LayerState Layer => new(keyHeads, keyWidth, valueWidth);

        /// <summary>Attends with the tokens from <paramref name="first"/> on, as many as the rows have.</summary>
        public Tensor Run(IBackend backend, AttendOptions options, BatchRow[] rows, int first = 0, int layer = 0)
        {
            using var batch = backend.Begin(rows, new int[rows.Sum(row => row.Count)]);
            var y = Write(backend, options, batch, first, layer);
            batch.Complete();
            return y;
        }

        /// <summary>Attends in a step that its caller completes, or not.</summary>
        public Tensor Write(IBackend backend, AttendOptions options, Batch batch, int first, int layer = 0) => backend.Attend(
            layer,
            Part(backend, _query, first, batch.TokenCount, heads, keyWidth),
            Part(backend, _key, first, batch.TokenCount, keyHeads, keyWidth),
            Part(backend, _value, first, batch.TokenCount, keyHeads, valueWidth),
            batch,
            options);

        /// <summary>Writes a layer, then attends to it without keys and values of its own.</summary>
        public Tensor WriteAndReadBack(IBackend backend, Batch batch, int first, int layer)
        {
            Write(backend, Plain, batch, first, layer);
            return ReadBack(backend, batch, first, layer);
        }

        /// <summary>Attends to what a layer remembers.</summary>
        public Tensor ReadBack(IBackend backend, Batch batch, int first, int layer) =>
            backend.Attend(layer, Part(backend, _query, first, batch.TokenCount, heads, keyWidth), null, null, batch, Plain);

        private static Tensor Part(IBackend backend, float[] numbers, int first, int count, int parts, int width) =>
            Make(backend, numbers.AsSpan(first * parts * width, count * parts * width).ToArray(), new Shape(count, parts, width));
    }
}
