using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Single operations and quantised matrices as MLX computes them (Fixtures/ops, Fixtures/quantization).</summary>
public abstract partial class BackendConformance
{
    private static readonly string[] Groups = ["norm", "rope", "sdpa", "activation", "reduce", "linear"];

    public static TheoryData<string, string> Operations() =>
        [.. Groups.SelectMany(group => GoldenOperation.Names(group).Select(name => new TheoryDataRow<string, string>(group, name)))];

    public static TheoryData<string> QuantizedFiles() =>
        [.. Directory.EnumerateFiles(Fixture.Path("quantization"), "*.safetensors").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operations_equal_those_of_mlx(string group, string name)
    {
        using var golden = new GoldenOperation(group, name);
        Near(golden.Numbers("y"), golden.Compute(Backend, Make, Owned), name == "rope_long_offset" ? 1e-2f : 1e-5f);
    }

    [Theory]
    [MemberData(nameof(QuantizedFiles))]
    public void Quantised_matrices_equal_those_of_mlx(string file)
    {
        using var golden = SafetensorsFile.Open(Fixture.Path("quantization", file + ".safetensors"));
        var stored = Stored(file, golden.Tensors);
        var (rows, width) = (stored.OutFeatures, stored.InFeatures);

        using var scope = Backend.Scope();
        var table = Owned(Backend.LoadEmbedding(stored));
        using var batch = Backend.Begin([new BatchRow(rows)], [.. Enumerable.Range(0, rows)]);
        Assert.Equal(golden.Tensors["dequantized"].As<float>().ToArray(), Read(Backend, Backend.Embed(table, batch)));

        var x = golden.Tensors["x"].As<float>().ToArray();
        var y = Read(Backend, Backend.Project(Make(Backend, x, new Shape(5, width)), table.Tied));
        var dequantized = golden.Tensors["dequantized"].As<float>();
        for (var i = 0; i < y.Length; i++)
        {
            double magnitude = 0;
            for (var k = 0; k < width; k++)
                magnitude += Math.Abs((double)x[(i / rows * width) + k] * dequantized[(i % rows * width) + k]);
            Assert.Equal(golden.Tensors["y"].As<float>()[i], y[i], 1e-5 * Math.Max(1, magnitude));
        }
    }

    private static StoredLinear Stored(string file, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var (packed, scales) = (tensors["packed"], tensors["scales"]);
        var mode = file switch
        {
            "mxfp4" => QuantizationMode.MxFp4,
            "mxfp8" => QuantizationMode.MxFp8,
            "nvfp4" => QuantizationMode.NvFp4,
            _ => QuantizationMode.Affine,
        };
        var width = tensors["w"].Shape[1];
        var format = new Quantization(width / scales.Shape[1], packed.Shape[1] * 32 / width, mode);
        return new StoredLinear(packed, scales, tensors.GetValueOrDefault("biases"), null, format);
    }
}
