using System.Text.Json;
using Impetus.Engine.Embedding;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>
/// Whole folders against sentence-transformers (Fixtures/encoders): texts in, vectors out. A folder that is added is picked up.
/// </summary>
public sealed class EmbedderGoldenTests
{
    private const float Tolerance = 1e-5f;

    // A vector that is not brought to unit length is held to the limit on hidden states.
    private const float UnnormalizedTolerance = 5e-5f;

    public static TheoryData<string> Folders => [.. EncoderGolden.Folders("encoders")];

    public static TheoryData<string, string> FoldersByBackend =>
        [.. EncoderGolden.Folders("encoders").SelectMany(folder => TestBackends.Names.Select(backend => (folder, backend)))];

    public static TheoryData<string, int, string> CutVectors
    {
        get
        {
            var cases = new TheoryData<string, int, string>();
            foreach (string folder in EncoderGolden.Folders("encoders"))
            {
                using var golden = new EncoderGolden(Fixture.Path("encoders", folder));
                foreach (string name in golden.Names.Where(name => name.Contains(".dim", StringComparison.Ordinal)))
                {
                    foreach (string backend in TestBackends.Names)
                        cases.Add(folder, int.Parse(name[(name.IndexOf(".dim", StringComparison.Ordinal) + 4)..]), backend);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(FoldersByBackend))]
    public async Task Single_texts_give_the_references_vectors(string folder, string backend)
    {
        using var golden = new EncoderGolden(Fixture.Path("encoders", folder));
        await using var loaded = await LoadedEmbedder.OpenAsync(golden.Folder, backend);
        bool unit = !golden.Root.TryGetProperty("normalize", out var normalize) || normalize.GetBoolean();
        foreach (var input in golden.Items)
        {
            var (index, text, prefix) = Read(input);
            var embedding = Assert.Single(await loaded.Embedder.EmbedAsync([text], new EmbedOptions { Prefix = prefix }));
            EncoderGolden.Close(golden.Row("embeddings", index), embedding.Vector, unit ? Tolerance : UnnormalizedTolerance, $"input {index}");
            Assert.Equal(EncoderGolden.Ids(input).Length - Dropped(golden, input), embedding.TokenCount);
            Assert.Equal(input.TryGetProperty("tokens_full", out var full) && full.GetInt32() > embedding.TokenCount, embedding.Truncated);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task A_batch_gives_what_its_texts_give_alone_and_computes_real_tokens_only(string folder)
    {
        using var golden = new EncoderGolden(Fixture.Path("encoders", folder));
        await using var loaded = await LoadedEmbedder.OpenAsync(golden.Folder);
        var inputs = golden.Items.Select(Read).ToList();
        string[] texts = [.. inputs.Select(input => input.Prefix + input.Text)];

        var batch = await loaded.Embedder.EmbedAsync(texts);

        Assert.Equal(batch.Sum(embedding => embedding.TokenCount), loaded.Backend.Counters.Tokens);
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(Assert.Single(await loaded.Embedder.EmbedAsync([texts[i]])).Vector, batch[i].Vector);
    }

    [Theory]
    [MemberData(nameof(CutVectors))]
    public async Task Fewer_dimensions_are_the_references(string folder, int dimensions, string backend)
    {
        using var golden = new EncoderGolden(Fixture.Path("encoders", folder));
        await using var loaded = await LoadedEmbedder.OpenAsync(golden.Folder, backend);
        // nomic-embed-text is layer-normed before the cut, and the fixture holds it under that name.
        string name = golden.Names.Single(name => name.EndsWith($".dim{dimensions}", StringComparison.Ordinal));
        foreach (var input in golden.Items)
        {
            var (index, text, prefix) = Read(input);
            var embedding = Assert.Single(await loaded.Embedder.EmbedAsync([text], new EmbedOptions { Prefix = prefix, Dimensions = dimensions }));
            EncoderGolden.Close(golden.Row(name, index), embedding.Vector, Tolerance, $"input {index}");
        }
    }

    [Fact]
    public async Task All_of_nomics_dimensions_asked_for_are_layer_normed_too()
    {
        using var golden = new EncoderGolden(Fixture.Path("encoders", "nomic-bert"));
        await using var loaded = await LoadedEmbedder.OpenAsync(golden.Folder);
        var (index, text, prefix) = Read(golden.Items[3]);
        var embedding = Assert.Single(await loaded.Embedder.EmbedAsync([text], new EmbedOptions { Prefix = prefix, Dimensions = loaded.Embedder.Width }));
        EncoderGolden.Close(golden.Row("layernorm", index), embedding.Vector, Tolerance, "layernorm");
    }

    [Theory]
    [InlineData("nomic-bert", "search_query: ", "search_document: ")]
    [InlineData("xlm-roberta-mean", "query: ", "passage: ")]
    [InlineData("gte-arctic", "query: ", "")]
    [InlineData("embeddinggemma", "task: search result | query: ", "title: none | text: ")]
    [InlineData("bert-mean", "", "")]
    public async Task Prefixes_are_the_checkpoints_own(string folder, string query, string document)
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", folder));
        Assert.Equal(query, loaded.Embedder.Prefix(InputType.Query));
        Assert.Equal(document, loaded.Embedder.Prefix(InputType.Document));
    }

    [Fact]
    public async Task Dimensions_below_the_trained_and_above_the_width_are_refused_with_both_numbers()
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", "gte-arctic"));
        foreach (int dimensions in (int[])[31, 65, 0, -1])
        {
            var refused = await Assert.ThrowsAsync<EmbeddingException>(() => loaded.Embedder.EmbedAsync(["a"], new EmbedOptions { Dimensions = dimensions }));
            Assert.Equal(EmbeddingFault.UnsupportedDimensions, refused.Fault);
            Assert.Contains("32 to 64", refused.Message, StringComparison.Ordinal);
        }
    }

    private static (int Index, string Text, string Prefix) Read(JsonElement input) => (
        input.GetProperty("i").GetInt32(), input.GetProperty("text").GetString()!,
        input.TryGetProperty("prompt", out var prompt) ? prompt.GetString()! : "");

    /// <summary>The unknown tokens that model2vec leaves out.</summary>
    private static int Dropped(EncoderGolden golden, JsonElement input) =>
        golden.Root.TryGetProperty("unk_id", out var unknown) ? EncoderGolden.Ids(input).Count(id => id == unknown.GetInt32()) : 0;
}
