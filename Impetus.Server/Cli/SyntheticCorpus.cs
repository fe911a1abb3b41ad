using System.Globalization;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;
using Microsoft.Extensions.AI;

namespace Impetus.Server.Cli;

/// <summary>
/// Texts and vectors that are the same on every machine, from mulberry32: words with the skew of natural text, vectors in a thousand
/// clusters. The first word of a text says which vector is its own, so that nothing need be computed. Thread safe.
/// </summary>
internal sealed class SyntheticCorpus : IEmbeddingModels, ITokenCounter, IEmbeddingGenerator<string, Embedding<float>>
{
    public const int Dimensions = 384;

    /// <summary>Chunks of one document.</summary>
    public const int ChunksPerDocument = 100;

    private const int WordsPerChunk = 65;
    private const int WordsPerQuestion = 4;
    private const int Vocabulary = 60_000;
    private const int Clusters = 1_000;
    private const uint FirstQuestion = 0x8000_0000;
    private const uint FirstCluster = 0xC000_0000;

    private readonly float[]?[] _centres = new float[Clusters][];
    private readonly EmbeddingModel _model;

    public SyntheticCorpus() => _model = new EmbeddingModel("synthetic", Dimensions, int.MaxValue, this, this, this);

    public string DefaultId => _model.Id;

    /// <summary>Cuts a document into the chunks that it was made of.</summary>
    public static ChunkingOptions Chunking { get; } = new() { TargetLength = 512, Overlap = 0, MaxTokens = 1_000_000 };

    /// <summary>The text of a document.</summary>
    public static string Document(int number) =>
        string.Join("\n\n", Enumerable.Range(number * ChunksPerDocument, ChunksPerDocument).Select(chunk => Text((uint)chunk, WordsPerChunk)));

    /// <summary>A question, of a few words and a vector of its own.</summary>
    public static string Question(int number) => Text(FirstQuestion + (uint)number, WordsPerQuestion);

    public ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(_model);

    public int Count(ReadOnlySpan<char> text) => text.Length / 5;

    public int PrefixLength(ReadOnlySpan<char> text, int maxTokens) => (int)Math.Min(text.Length, maxTokens * 5L);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Vector(Number(text))))));

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static string Text(uint number, int words)
    {
        uint state = number;
        return string.Create(CultureInfo.InvariantCulture, $"n{number} {string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(ref state)))}");
    }

    /// <summary>Words by Zipf's law.</summary>
    private static string Word(ref uint state) => $"w{(int)Math.Pow(Vocabulary, Next(ref state))}";

    private static uint Number(string text)
    {
        int start = text.IndexOf('n', StringComparison.Ordinal) + 1;
        int end = text.IndexOf(' ', start);
        return uint.Parse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private float[] Vector(uint number)
    {
        var centre = _centres[number % Clusters] ??= Uniform(FirstCluster + number % Clusters);
        float[] vector = Uniform(number ^ 0x5BD1_E995);
        for (int i = 0; i < vector.Length; i++)
            vector[i] = centre[i] + 0.7f * vector[i];
        return vector;
    }

    private static float[] Uniform(uint state)
    {
        float[] vector = new float[Dimensions];
        for (int i = 0; i < vector.Length; i++)
            vector[i] = (float)(Next(ref state) - 0.5);
        return vector;
    }

    /// <summary>mulberry32: from 0 to 1, without 1.</summary>
    private static double Next(ref uint state)
    {
        state = unchecked(state + 0x6D2B_79F5);
        uint mixed = unchecked((state ^ (state >> 15)) * (state | 1));
        mixed ^= unchecked(mixed + (mixed ^ (mixed >> 7)) * (mixed | 61));
        return (mixed ^ (mixed >> 14)) / 4294967296.0;
    }
}
