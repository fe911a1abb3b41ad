using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Bit for bit the same, whatever else is in the step, however it is cut and on however many threads.</summary>
public abstract partial class BackendConformance
{
    [Theory]
    [MemberData(nameof(Formats))]
    public void A_row_of_a_product_has_the_same_bits_in_any_company(QuantizationMode mode, int group, int bits, DType scales)
    {
        Assert.SkipUnless(BatchInvariant, "This backend does not promise it.");
        SameBits(_data.Quantized(70, 9 * group, new Quantization(group, bits, mode), scales, bias: true));
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void A_row_of_a_dense_product_has_the_same_bits_in_any_company(DType type)
    {
        Assert.SkipUnless(BatchInvariant, "This backend does not promise it.");
        SameBits(_data.Linear(41, 1100, type));
    }

    [Fact]
    public void A_row_of_a_norm_or_an_activation_has_the_same_bits_in_any_company()
    {
        Assert.SkipUnless(BatchInvariant, "This backend does not promise it.");
        const int Width = 37;
        var x = _data.Numbers(900 * Width);
        Func<IBackend, Tensor, Tensor>[] operations =
        [
            (b, t) => b.RmsNorm(t, null, 1e-5f), (b, t) => b.LayerNorm(t, null, null, 1e-5f), (b, t) => b.SoftCap(t, 3),
            .. Enum.GetValues<Activation>().Select<Activation, Func<IBackend, Tensor, Tensor>>(a => (b, t) => b.Activate(t, a)),
        ];
        foreach (var operation in operations)
        {
            var (all, _) = Compute(Backend, b => operation(b, Make(b, x, new Shape(900, Width))));
            foreach (var row in new[] { 0, 1, 500, 899 })
            {
                var alone = Compute(Backend, b => operation(b, Make(b, x.AsSpan(row * Width, Width).ToArray(), new Shape(1, Width)))).Numbers;
                Assert.Equal(alone, all.AsSpan(row * Width, Width).ToArray());
            }
        }
    }

    [Fact]
    public void Attention_has_the_same_bits_for_any_chunks_company_and_threads()
    {
        Assert.SkipUnless(BatchInvariant, "This backend does not promise it.");
        const int Tokens = 200;
        var attention = new Attention(_data, 6, 2, 24, 40, Tokens);
        foreach (var options in AllOptions(attention).Take(4).Select(make => make(Backend)))
        {
            var (whole, shape) = Compute(Backend, b => attention.Run(b, options, [new BatchRow(Tokens)]));
            foreach (var chunk in new[] { 1, 13, 64, 150 })
                Assert.Equal(whole, Feed(Backend, attention, options, Tokens, chunk));

            using var single = CreateBackend(threads: 1);
            Assert.Equal(whole, Compute(single, b => attention.Run(b, options, [new BatchRow(Tokens)])).Numbers);

            var (both, _) = Compute(Backend, b => attention.Run(b, options, [new BatchRow(77), new BatchRow(Tokens - 77)]));
            Assert.Equal(whole.AsSpan(0, 77 * shape[1] * shape[2]).ToArray(), both.AsSpan(0, 77 * shape[1] * shape[2]).ToArray());
        }
    }

    private void SameBits(StoredLinear stored)
    {
        const int Rows = 530;
        var (width, outputs) = (stored.InFeatures, stored.OutFeatures);
        var x = _data.Numbers((long)Rows * width);
        var weight = Weight(Backend, stored);
        var (all, _) = Compute(Backend, b => b.Project(Make(b, x, new Shape(Rows, width)), weight));
        foreach (var (first, count) in new[] { (0, 1), (3, 2), (6, 3), (100, 4), (511, 5), (7, 6), (20, 7), (250, 14), (529, 1) })
        {
            var part = x.AsSpan(first * width, count * width).ToArray();
            var expected = all.AsSpan(first * outputs, count * outputs).ToArray();
            Assert.Equal(expected, Compute(Backend, b => b.Project(Make(b, part, new Shape(count, width)), weight)).Numbers);
            Assert.Equal(expected, Compute(Backend, b => b.Project(Make(b, part, new Shape(count, width)), weight, weight)[1]).Numbers);
        }

        using var single = CreateBackend(threads: 1);
        using var own = single.LoadLinear(stored);
        Assert.Equal(all, Compute(single, b => b.Project(Make(b, x, new Shape(Rows, width)), own)).Numbers);
    }
}
