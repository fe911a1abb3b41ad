using System.Numerics.Tensors;
using System.Text.Json;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Embedding;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>The starter model with its real, 8-bit weights against the reference on the same weights (Fixtures/encoders/minilm).</summary>
[Trait("Weights", "real")]
public sealed class MiniLmTests
{
    private const int MaxTokens = 256;

    private static readonly string Model = Fixture.Model("all-MiniLM-L6-v2");

    private static readonly List<JsonElement> Texts =
        [.. File.ReadLines(Fixture.Path("encoders", "minilm", "texts.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    [Fact]
    public void Two_hundred_texts_have_the_references_tokens()
    {
        var sequences = SequenceBuilder.Open(Model).Limited(MaxTokens, 512);
        Assert.Equal(200, Texts.Count);
        foreach (var text in Texts)
        {
            var sequence = sequences.Single(text.GetProperty("text").GetString()!);
            Assert.Equal(EncoderGolden.Ids(text), sequence.Ids);
            Assert.Equal(text.GetProperty("tokens_full").GetInt32(), sequence.FullLength);
        }
    }

    [Fact]
    public async Task Two_hundred_texts_in_one_batch_have_the_references_vectors()
    {
        using var golden = SafetensorsFile.Open(Fixture.Path("encoders", "minilm", "embeddings.safetensors"));
        float[] expected = golden.Tensors["shipped"].As<float>().ToArray();
        await using var loaded = await LoadedEmbedder.OpenAsync(Model);
        int width = loaded.Embedder.Width;

        var embeddings = await loaded.Embedder.EmbedAsync([.. Texts.Select(text => text.GetProperty("text").GetString()!)]);

        Assert.Equal(Texts.Sum(text => text.GetProperty("tokens").GetInt32()), loaded.Backend.Counters.Tokens);
        for (int i = 0; i < embeddings.Count; i++)
        {
            var reference = expected.AsSpan(i * width, width);
            EncoderGolden.Close(reference, embeddings[i].Vector, 2e-5f, $"text {i}");
            Assert.True(TensorPrimitives.CosineSimilarity(reference, embeddings[i].Vector) >= 0.9999f);
        }
    }

    /// <summary>A part of them: MLX's CPU device is slow.</summary>
    [Fact]
    public async Task Texts_have_the_references_vectors_on_MLX_too()
    {
        using var golden = SafetensorsFile.Open(Fixture.Path("encoders", "minilm", "embeddings.safetensors"));
        float[] expected = golden.Tensors["shipped"].As<float>().ToArray();
        await using var loaded = await LoadedEmbedder.OpenAsync(Model, "mlx");
        int width = loaded.Embedder.Width;
        int[] some = [.. Enumerable.Range(0, Texts.Count).Where(i => i % 10 == 0)];

        var embeddings = await loaded.Embedder.EmbedAsync([.. some.Select(i => Texts[i].GetProperty("text").GetString()!)]);

        for (int i = 0; i < some.Length; i++)
            EncoderGolden.Close(expected.AsSpan(some[i] * width, width), embeddings[i].Vector, 2e-5f, $"text {some[i]}");
    }

    [Fact]
    public async Task A_text_has_the_same_bits_alone_and_in_a_batch()
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Model);
        string[] texts = [.. Texts.Where((_, i) => i % 5 == 0).Select(text => text.GetProperty("text").GetString()!)];

        var batch = await loaded.Embedder.EmbedAsync(texts);

        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(Assert.Single(await loaded.Embedder.EmbedAsync([texts[i]])).Vector, batch[i].Vector);
    }

    [Fact]
    public void Every_layer_equals_the_reference_on_the_same_weights()
    {
        using var golden = SafetensorsFile.Open(Fixture.Path("encoders", "minilm", "layers.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixture.Path("encoders", "minilm", "layers.json")));
        int[] ids = EncoderGolden.Ids(json.RootElement);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        var config = ConfigReader.OpenFolder(Model);
        using var checkpoint = Checkpoint.Open(Model, config);
        using var encoder = (LayeredEncoder)Encoders.Load(config, new ModelWeights(checkpoint, backend));
        using var scope = backend.Scope();
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
