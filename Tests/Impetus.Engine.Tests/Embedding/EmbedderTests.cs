using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Embedding;
using Impetus.Engine.Scheduling;
using Microsoft.Extensions.AI;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>What an embedder promises beside the numbers.</summary>
public sealed class EmbedderTests
{
    private static readonly string LongText = string.Join(' ', Enumerable.Repeat("harbour", 200));

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_with_index_and_both_numbers_unless_it_may_be_cut()
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", "bert-mean"));

        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => loaded.Embedder.EmbedAsync(["a", "b", LongText], new EmbedOptions { Truncate = false }));
        var cut = await loaded.Embedder.EmbedAsync(["a", LongText]);

        Assert.Equal(EmbeddingFault.InputTooLong, refused.Fault);
        Assert.Equal(2, refused.Index);
        Assert.Contains("128", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{loaded.Embedder.CountTokens(LongText)}", refused.Message, StringComparison.Ordinal);
        Assert.Equal([false, true], cut.Select(embedding => embedding.Truncated));
        Assert.Equal(128, cut[1].TokenCount);
    }

    [Fact]
    public async Task Tokens_of_a_client_give_the_vector_of_their_text()
    {
        using var golden = new EncoderGolden(Fixture.Path("encoders", "bert-mean"));
        await using var loaded = await LoadedEmbedder.OpenAsync(golden.Folder);

        var embedding = Assert.Single(await loaded.Embedder.EmbedTokensAsync([EncoderGolden.Ids(golden.Items[4])]));

        EncoderGolden.Close(golden.Row("embeddings", 4), embedding.Vector, 1e-5f, "embedding");
    }

    [Theory]
    [InlineData(512)]
    [InlineData(-1)]
    public async Task A_token_outside_of_the_vocabulary_is_refused_with_index_and_both_numbers(int id)
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", "bert-mean"));

        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => loaded.Embedder.EmbedTokensAsync([[2, 3], [2, id, 3]]));

        Assert.Equal(EmbeddingFault.UnknownToken, refused.Fault);
        Assert.Equal(1, refused.Index);
        Assert.Contains($"{id}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("512", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_type_puts_the_models_prefix_before_the_text()
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", "xlm-roberta-mean"));

        var typed = Assert.Single(await loaded.Embedder.EmbedAsync(["roof"], new EmbedOptions { InputType = InputType.Document }));
        var written = Assert.Single(await loaded.Embedder.EmbedAsync(["passage: roof"]));

        Assert.Equal(written.Vector, typed.Vector);
    }

    [Fact]
    public async Task The_generator_honours_dimensions_and_input_type_and_counts_tokens()
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", "xlm-roberta-mean"));
        using IEmbeddingGenerator<string, Embedding<float>> generator = new TextEmbeddingGenerator(loaded.Embedder, "tests/xlm-roberta");
        var options = new EmbeddingGenerationOptions { Dimensions = 32, AdditionalProperties = new() { [TextEmbeddingGenerator.InputTypeKey] = "query" } };

        var generated = await generator.GenerateAsync(["roof", "harbour"], options);

        var expected = await loaded.Embedder.EmbedAsync(["roof", "harbour"], new EmbedOptions { InputType = InputType.Query, Dimensions = 32 });
        Assert.Equal(expected.Select(embedding => embedding.Vector), generated.Select(embedding => embedding.Vector.ToArray()));
        Assert.Equal(expected.Sum(embedding => embedding.TokenCount), generated.Usage!.InputTokenCount);
        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        Assert.Equal(64, metadata.DefaultModelDimensions);
        Assert.Equal("tests/xlm-roberta", metadata.DefaultModelId);
    }

    [Fact]
    public async Task A_disposed_embedder_refuses()
    {
        await using var loaded = await LoadedEmbedder.OpenAsync(Fixture.Path("encoders", "bert-mean"));
        await loaded.Embedder.DisposeAsync();

        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => loaded.Embedder.EmbedAsync(["a"]));

        Assert.Equal(EmbeddingFault.ShuttingDown, refused.Fault);
    }

    [Fact]
    public async Task Loading_again_and_again_takes_no_more_memory()
    {
        using var backend = new CpuBackend();
        using var thread = new EngineThread();
        var bytes = new List<long>();
        for (int i = 0; i < 3; i++)
        {
            await using (var embedder = await Embedder.LoadAsync(Fixture.Path("encoders", "embeddinggemma"), backend, thread))
                await embedder.EmbedAsync(["roof"]);
            bytes.Add(backend.ActiveBytes);
        }

        Assert.Equal(bytes[0], bytes[1]);
        Assert.Equal(bytes[0], bytes[2]);
    }

    [Theory]
    [InlineData("intfloat/multilingual-e5-small", "query: ")]
    [InlineData("mlx-community/multilingual-e5-base-mlx", "query: ")]
    [InlineData("intfloat/multilingual-e5-large-instruct", null)]
    [InlineData("intfloat/e5-base-v2", "query: ")]
    [InlineData("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ")]
    [InlineData("BAAI/bge-m3", null)]
    [InlineData("nomic-ai/nomic-embed-text-v1.5", "search_query: ")]
    [InlineData("Snowflake/snowflake-arctic-embed-m-v2.0", "query: ")]
    [InlineData("Snowflake/snowflake-arctic-embed-m", "Represent this sentence for searching relevant passages: ")]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2", null)]
    public void Known_models_are_found_by_their_id(string id, string? query) => Assert.Equal(query, KnownModel.Find(id)?.Query);
}
