using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Products, embeddings and the formats of weights.</summary>
public abstract partial class BackendConformance
{
    private static readonly int[] RowCounts = [1, 2, 3, 4, 5, 6, 7, 13];

    public static TheoryData<QuantizationMode, int, int, DType> Formats()
    {
        var formats = new TheoryData<QuantizationMode, int, int, DType>
        {
            { QuantizationMode.MxFp4, 32, 4, DType.U8 },
            { QuantizationMode.MxFp8, 32, 8, DType.U8 },
            { QuantizationMode.NvFp4, 16, 4, DType.U8 },
        };
        foreach (var bits in new[] { 2, 3, 4, 5, 6, 8 })
        {
            foreach (var type in new[] { DType.F32, DType.F16, DType.BF16 })
                formats.Add(QuantizationMode.Affine, type == DType.F16 ? 64 : type == DType.F32 ? 32 : 128, bits, type);
        }

        return formats;
    }

    [Theory]
    [InlineData(DType.F32, 1, 1)]
    [InlineData(DType.F32, 37, 70)]
    [InlineData(DType.F16, 48, 33)]
    [InlineData(DType.BF16, 1030, 96)]
    [Covers(nameof(IBackend.LoadLinear), nameof(IBackend.Project))]
    public void Dense_products_of_any_size(DType type, int inFeatures, int outFeatures)
    {
        var stored = _data.Linear(outFeatures, inFeatures, type, bias: true);
        foreach (var rows in RowCounts)
            SameProduct(stored, rows);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Quantized_products_of_any_format(QuantizationMode mode, int group, int bits, DType scales)
    {
        var stored = _data.Quantized(37, 3 * group, new Quantization(group, bits, mode), scales, bias: true);
        foreach (var rows in RowCounts)
            SameProduct(stored, rows);
    }

    [Fact]
    public void Products_with_more_inputs_than_are_unpacked_at_once()
    {
        SameProduct(_data.Quantized(64, 2304, new Quantization(64, 4)), 9);
        SameProduct(_data.Quantized(32, 1152, new Quantization(128, 3), DType.BF16), 2);
    }

    [Fact]
    public void Products_of_more_rows_than_are_taken_at_once() => SameProduct(_data.Quantized(40, 64, new Quantization(32, 4)), 1050);

    [Fact]
    public void Weights_that_are_tiny_infinite_or_zero_stay_so()
    {
        float[] weights = [6e-8f, -6e-5f, 65504, float.PositiveInfinity, float.NegativeInfinity, 0];
        foreach (var type in new[] { DType.F32, DType.F16, DType.BF16 })
        {
            // One number a product, so that nothing is added to infinity.
            var stored = new StoredLinear(_data.Dense(weights, type, weights.Length, 1));
            Same(b => b.Project(Make(b, [2], new Shape(1, 1)), Weight(b, stored)), 0);
            Same(b => b.Project(Make(b, [2, 2, 2, 2, 2, 2, 2], new Shape(7, 1)), Weight(b, stored)), 0);
        }
    }

    [Fact]
    public void Groups_under_a_zero_scale_are_their_bias()
    {
        var stored = _data.Quantized(5, 64, new Quantization(32, 4));
        stored = stored with { Scales = _data.Dense(new float[10], DType.F16, 5, 2) };
        SameProduct(stored, 1);
        SameProduct(stored, 8);
    }

    [Fact]
    [Covers(nameof(IBackend.GatedProject))]
    public void Gated_products()
    {
        var (gate, up) = (_data.Quantized(70, 64, new Quantization(32, 4), bias: true), _data.Linear(70, 64, DType.F16, bias: true));
        foreach (var rows in RowCounts)
        {
            var x = _data.Numbers(rows * 64);
            foreach (var activation in Enum.GetValues<Activation>())
                Same(b => b.GatedProject(Make(b, x, new Shape(rows, 64)), Weight(b, gate), Weight(b, up), activation), 1e-4f);
        }
    }

    [Fact]
    public void Several_products_in_one_pass()
    {
        StoredLinear[] stored =
        [
            _data.Linear(33, 40, DType.F32, bias: true), _data.Linear(1, 40, DType.BF16), _data.Linear(64, 40, DType.F16),
            _data.Linear(8, 40, DType.F32), _data.Linear(100, 40, DType.F16),
        ];
        foreach (var rows in new[] { 1, 9 })
        {
            var x = _data.Numbers(rows * 40);
            for (var i = 0; i < stored.Length; i++)
                Same(b => b.Project(Make(b, x, new Shape(rows, 40)), [.. stored.Select(s => Weight(b, s))])[i], 1e-4f);
        }
    }

    [Fact]
    public void A_product_with_rows_of_another_width_is_refused()
    {
        using var scope = Backend.Scope();
        using var weight = Weight(Backend, _data.Linear(8, 40, DType.F32));
        Assert.Throws<ArgumentException>(() => Backend.Project(Make(Backend, new float[39], new Shape(1, 39)), weight));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Covers(nameof(IBackend.LoadEmbedding), nameof(IBackend.Embed))]
    public void Embeddings_are_looked_up_exactly_and_serve_as_a_head(QuantizationMode mode, int group, int bits, DType scales)
    {
        var stored = _data.Quantized(35, 2 * group, new Quantization(group, bits, mode), scales);
        Same(b => Embed(b, stored, Lookup.Token), 0);
        var x = _data.Numbers(2 * group);
        Same(b => b.Project(Make(b, x, new Shape(1, 2 * group)), Owned(b.LoadEmbedding(stored)).Tied), 1e-4f);
    }

    [Fact]
    public void Embeddings_are_looked_up_by_token_position_and_type()
    {
        var stored = _data.Linear(35, 12, DType.F16);
        Same(b => Embed(b, stored, Lookup.Token), 0);
        Same(b => Embed(b, stored, Lookup.Position, offset: 2), 0);
        Same(b => Embed(b, stored, Lookup.TokenType), 0);
        Same(b => Embed(b, stored, Lookup.TokenType, types: []), 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => Compute(Backend, b => Embed(b, stored, Lookup.Token, offset: 30)));
    }

    [Fact]
    [Covers(nameof(IBackend.ActiveBytes), nameof(IBackend.Memory))]
    public void Bytes_of_weights_and_caches_come_and_go()
    {
        var before = Backend.ActiveBytes;
        var weight = Weight(Backend, _data.Linear(512, 64, DType.F32));
        Assert.True(weight.Bytes >= 512 * 64 * sizeof(float));
        weight.Dispose();
        weight.Dispose();
        Assert.Equal(before, Backend.ActiveBytes);
    }

    [Fact]
    [Covers(nameof(IBackend.Trim))]
    public void Trimming_frees_what_is_free_and_nothing_else()
    {
        var weight = Weight(Backend, _data.Linear(64, 64, DType.F32));
        using (Backend.Scope())
        {
            var x = Backend.Project(Backend.Embed(Owned(Backend.LoadEmbedding(_data.Linear(64, 64, DType.F32))), Backend.Begin([new BatchRow(3)], [1, 2, 3])), weight);
            Backend.Trim();
            var kept = new float[3 * 64];
            Backend.Read(x, kept);
            Assert.Contains(kept, number => number != 0);
        }

        var before = Backend.ActiveBytes;
        Backend.Trim();
        Assert.True(Backend.ActiveBytes <= before);
    }

    [Fact]
    [Covers(nameof(IBackend.LimitThreads))]
    public void Any_bound_on_its_threads_gives_the_same_numbers()
    {
        var weight = Weight(Backend, _data.Linear(256, 64, DType.F32));
        var x = _data.Numbers(40 * 64);
        var all = Compute(Backend, b => b.Project(Make(b, x, new Shape(40, 64)), weight)).Numbers;
        foreach (int? most in new int?[] { 1, 2, 1000, null })
        {
            Backend.LimitThreads(most);
            Assert.Equal(all, Compute(Backend, b => b.Project(Make(b, x, new Shape(40, 64)), weight)).Numbers);
        }
    }

    private LinearWeight Weight(IBackend backend, StoredLinear stored) => Owned(backend.LoadLinear(stored));

    private T Owned<T>(T weight)
        where T : IDisposable
    {
        _weights.Add(weight);
        return weight;
    }

    private Tensor Embed(IBackend backend, StoredLinear stored, Lookup by, int offset = 0, int[]? types = null)
    {
        using var batch = backend.Begin([new BatchRow(3), new BatchRow(2)], [0, 34, 7, 33, 7], types ?? [0, 0, 1, 0, 1]);
        return backend.Embed(Owned(backend.LoadEmbedding(stored)), batch, by, offset);
    }

    /// <summary>Sums of large terms may cancel: the error is measured by the sum of the terms' magnitudes.</summary>
    private void SameProduct(StoredLinear stored, int rows)
    {
        var (inFeatures, outFeatures) = (stored.InFeatures, stored.OutFeatures);
        var x = _data.Numbers((long)rows * inFeatures);
        Tensor Product(IBackend backend) => backend.Project(Make(backend, x, new Shape(rows, inFeatures)), Weight(backend, stored));
        var (expected, actual) = (Compute(_reference, Product).Numbers, Compute(Backend, Product).Numbers);
        var weights = StoredValues.Matrix(stored);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var (row, column) = (i / outFeatures, i % outFeatures);
            double magnitude = 1;
            for (var k = 0; k < inFeatures; k++)
                magnitude += Math.Abs((double)x[(row * inFeatures) + k] * weights[(column * inFeatures) + k]);
            Assert.Equal(expected[i], actual[i], 1e-6 * magnitude);
        }
    }
}
