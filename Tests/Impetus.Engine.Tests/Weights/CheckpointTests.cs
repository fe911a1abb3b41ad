using System.Buffers.Binary;
using System.Text;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Weights;

public sealed class CheckpointTests : IDisposable
{
    private const string Packed = """{"a.weight":{"dtype":"U32","shape":[2,8],"data_offsets":[0,64]},"a.scales":{"dtype":"F16","shape":[2,2],"data_offsets":[64,72]},"a.biases":{"dtype":"F16","shape":[2,2],"data_offsets":[72,80]}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_module_takes_its_own_quantization_before_the_general_one()
    {
        using var checkpoint = Open(Packed, 80, """{"quantization":{"group_size":64,"bits":8,"a":{"group_size":32,"bits":4}}}""");

        Assert.Equal(new Quantization(32, 4), checkpoint.Linear("a").Format);
        Assert.Equal(64, checkpoint.Linear("a").InFeatures);
    }

    [Theory]
    [InlineData("""{"quantization":{"group_size":64,"bits":4}}""", "do not fit")]
    [InlineData("""{"quantization":{"group_size":32,"bits":4,"a":false}}""", "no quantization for it")]
    [InlineData("{}", "no quantization for it")]
    [InlineData("""{"quantization":{"group_size":32,"bits":7}}""", "bits = 7")]
    [InlineData("""{"quantization":{"group_size":48,"bits":4}}""", "group_size = 48")]
    [InlineData("""{"quantization":{"group_size":32,"bits":4,"mode":"nf4"}}""", "mode = \"nf4\"")]
    [InlineData("""{"quantization_config":{"quant_method":"gptq"}}""", "quant_method = \"gptq\"")]
    public void A_quantization_that_cannot_be_is_refused_with_key_and_value(string config, string fault)
    {
        var error = Assert.Throws<CheckpointException>(() =>
        {
            using var checkpoint = Open(Packed, 80, config);
            checkpoint.Linear("a");
        });

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using var checkpoint = Open(Packed, 80, "{}");

        Assert.Contains("'b.weight' is missing", Assert.Throws<CheckpointException>(() => checkpoint.Linear("b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_cannot_lead_out_of_its_folder()
    {
        _folder.Write("model.safetensors.index.json", """{"weight_map":{"a":"../secret.safetensors"}}"""u8.ToArray());

        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path, ConfigReader.Parse("config.json", "{}"u8.ToArray())));
        Assert.Contains("no file of this folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_starter_models_weights_are_found_in_their_shards()
    {
        string folder = Fixture.Model("SmolLM2-135M-Instruct");
        using var checkpoint = Checkpoint.Open(folder, ConfigReader.OpenFolder(folder));

        Assert.Equal(new Quantization(32, 8), checkpoint.Linear("model.embed_tokens").Format);
        Assert.Equal(new Quantization(32, 4), checkpoint.Linear("model.layers.29.mlp.down_proj").Format);
        Assert.Equal(49152, checkpoint.Linear("model.embed_tokens").OutFeatures);
    }

    private Checkpoint Open(string header, int dataLength, string config)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        _folder.Write("model.safetensors", [.. length, .. json, .. new byte[dataLength]]);
        return Checkpoint.Open(_folder.Path, ConfigReader.Parse("config.json", Encoding.UTF8.GetBytes(config)));
    }
}
