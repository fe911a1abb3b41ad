using System.Text.Json;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Tests.Models;

namespace Impetus.Engine.Tests.Backends;

/// <summary>The mode that rounds activations, beside the exact one.</summary>
public sealed class CpuFastModeTests
{
    [Theory]
    [InlineData(4, 32, DType.F16)]
    [InlineData(4, 128, DType.F32)]
    [InlineData(8, 64, DType.BF16)]
    [InlineData(8, 128, DType.F16)]
    public void Products_are_close_to_the_exact_ones_for_every_vector_width(int bits, int group, DType scales)
    {
        var data = new StoredData();
        var (inFeatures, outFeatures) = (5 * group, 70);
        var stored = data.Quantized(outFeatures, inFeatures, new Quantization(group, bits), scales, bias: true);
        for (var rows = 1; rows <= 5; rows++)
        {
            float[] x = [.. data.Numbers((long)rows * inFeatures).Select((number, i) => i / group % 3 == 1 ? 0 : number * (1 + (i % 7)))];
            var exact = Product(Precision.Exact, VectorWidth.Bits512, stored, x, rows);
            var fast = Enum.GetValues<VectorWidth>().Select(vectors => Product(Precision.Fast, vectors, stored, x, rows)).ToArray();
            Assert.All(fast, numbers => Assert.Equal(fast[0], numbers));
            var largest = exact.Max(MathF.Abs);
            for (var i = 0; i < exact.Length; i++)
                Assert.Equal(exact[i], fast[0][i], 1e-3 * largest);
            Assert.Equal(rows <= 4, !exact.SequenceEqual(fast[0]));
        }
    }

    [Fact]
    public void A_gated_product_of_unlike_groups_rounds_for_each()
    {
        var data = new StoredData();
        var (gate, up) = (data.Quantized(40, 256, new Quantization(32, 4)), data.Quantized(40, 256, new Quantization(64, 8)));
        var x = data.Numbers(256);
        var (exact, fast) = (Gated(Precision.Exact), Gated(Precision.Fast));
        var largest = exact.Max(MathF.Abs);
        for (var i = 0; i < exact.Length; i++)
            Assert.Equal(exact[i], fast[i], 1e-3 * largest);

        float[] Gated(Precision precision)
        {
            using var backend = new CpuBackend(new CpuOptions { Precision = precision });
            using var scope = backend.Scope();
            using var g = backend.LoadLinear(gate);
            using var u = backend.LoadLinear(up);
            return Read(backend, backend.GatedProject(Row(backend, x, 1), g, u, Activation.Tanh));
        }
    }

    [Fact]
    [Trait("Weights", "real")]
    public void Perplexity_of_the_starter_model_is_within_half_a_percent_of_the_reference()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Fixture.Path("decoders", "smollm2", "perplexity.json")));
        int[] text = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        using var backend = new CpuBackend(new CpuOptions { Precision = Precision.Fast });
        using var model = new LoadedDecoder(Fixture.Model("SmolLM2-135M-Instruct"), backend);

        // Token by token: decoding is what rounds.
        var logprobs = new DecoderProbe(model.Decoder, backend, chunk: 1).Logprobs(text);
        var perplexity = Math.Exp(-logprobs.Skip(1).Average()!.Value);
        Assert.Equal(1, perplexity / golden.RootElement.GetProperty("perplexity").GetDouble(), 5e-3);
        TestContext.Current.TestOutputHelper?.WriteLine($"perplexity {perplexity}");
    }

    private static float[] Product(Precision precision, VectorWidth vectors, StoredLinear stored, float[] x, int rows)
    {
        using var backend = new CpuBackend(new CpuOptions { Precision = precision, Vectors = vectors });
        using var scope = backend.Scope();
        using var weight = backend.LoadLinear(stored);
        return Read(backend, backend.Project(Row(backend, x, rows), weight));
    }

    private static Tensor Row(CpuBackend backend, float[] numbers, int rows) =>
        backend.LoadTensor(new StoredData().Dense(numbers, DType.F32, rows, numbers.Length / rows));

    private static float[] Read(CpuBackend backend, Tensor tensor)
    {
        var numbers = new float[tensor.Shape.Count];
        backend.Read(tensor, numbers);
        return numbers;
    }
}
