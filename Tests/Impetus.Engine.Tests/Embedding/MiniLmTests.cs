using System.Text.Json;
using Impetus.Engine.Embedding;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>The starter model with its real, 8-bit weights against the reference on the same weights (Fixtures/encoders/minilm).</summary>
public sealed class MiniLmTests
{
    private const int MaxTokens = 256;

    private static readonly string Model = Fixture.Model("all-MiniLM-L6-v2");

    [Fact]
    public void Two_hundred_texts_have_the_references_tokens()
    {
        var sequences = SequenceBuilder.Open(Model).Limited(MaxTokens, 512);
        int count = 0;
        foreach (string line in File.ReadLines(Fixture.Path("encoders", "minilm", "texts.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var sequence = sequences.Single(json.RootElement.GetProperty("text").GetString()!);
            Assert.Equal(EncoderGolden.Ids(json.RootElement), sequence.Ids);
            Assert.Equal(json.RootElement.GetProperty("tokens_full").GetInt32(), sequence.FullLength);
            count++;
        }

        Assert.Equal(200, count);
    }

    [Fact]
    public void Every_layer_equals_the_reference_on_the_same_weights()
    {
        using var golden = SafetensorsFile.Open(Fixture.Path("encoders", "minilm", "layers.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixture.Path("encoders", "minilm", "layers.json")));
        int[] ids = EncoderGolden.Ids(json.RootElement);
        using var backend = new ReferenceBackend();
        var config = ConfigReader.OpenFolder(Model);
        using var checkpoint = Checkpoint.Open(Model, config);
        using var encoder = (LayeredEncoder)Encoders.Load(config, new ModelWeights(checkpoint, backend));
        using var batch = backend.Begin([new BatchRow(ids.Length, Bidirectional: true)], ids);
        int layer = 0;
        encoder.Watch = x =>
        {
            var actual = new float[x.Shape.Count];
            backend.Read(x, actual);
            string name = $"shipped.hidden.{layer++}";
            EncoderGolden.Close(golden.Tensors[name].As<float>(), actual, 2e-5f, name);
        };

        encoder.Forward(batch);

        Assert.Equal(7, layer);
    }
}
