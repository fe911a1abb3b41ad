using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Tests.Chunking;
using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Tests.Indexing;

/// <summary>Embeds without a model: each stem has a fixed random direction, and a text is the sum of its stems'. Deterministic.</summary>
internal sealed class WordHashEmbedder(int dimensions) : IEmbeddingGenerator<string, Embedding<float>>
{
    private int _calls;

    /// <summary>Called with the number of the call before each; may throw or wait.</summary>
    public Func<int, CancellationToken, Task>? Before { get; set; }

    public int Texts { get; private set; }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Before is { } before)
            await before(Interlocked.Increment(ref _calls), cancellationToken);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (string text in values)
        {
            embeddings.Add(new Embedding<float>(Embed(text)));
            Texts++;
        }
        return embeddings;
    }

    private float[] Embed(string text)
    {
        float[] vector = new float[dimensions];
        foreach (string term in TextAnalyzer.Terms(text, Languages.English))
        {
            int seed = 17;
            foreach (char c in term)
                seed = unchecked(seed * 31 + c);
            var random = new Random(seed);
            for (int i = 0; i < dimensions; i++)
                vector[i] += random.NextSingle() - 0.5f;
        }
        return vector;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

/// <summary>Two fake models of different width.</summary>
internal sealed class FakeModels : IEmbeddingModels
{
    public WordHashEmbedder Small { get; } = new(32);

    public WordHashEmbedder Large { get; } = new(48);

    public int MaxTokens { get; init; } = 254;

    public string DefaultId => "fake/small";

    public ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(id switch
    {
        "fake/small" => new EmbeddingModel(id, 32, MaxTokens, new PieceCounter(), Small, Small),
        "fake/large" => new EmbeddingModel(id, 48, MaxTokens, new PieceCounter(), Large, Large),
        _ => throw new LibraryException(LibraryFault.ModelMissing, $"{id} is not installed."),
    });
}
