using System.Diagnostics;
using Impetus.Engine.Embedding;

namespace Impetus.Server.Cli;

/// <summary>Calls with a batch of texts that all have as many tokens.</summary>
/// <param name="Tokens">Of a text, special ones included.</param>
/// <param name="Batch">Texts of a call.</param>
/// <param name="Milliseconds">Of each call.</param>
internal sealed record EmbeddingRuns(int Tokens, int Batch, double[] Milliseconds)
{
    /// <summary>By the median call.</summary>
    public double TextsPerSecond => Batch * 1000 / Percentile.Of(Milliseconds, 50);
}

/// <summary>Embeds texts of a length in batches of a size. The tokens are drawn from a fixed seed; making tokens of texts is not counted.</summary>
internal sealed class EmbeddingBenchmark(Embedder embedder)
{
    // A large batch needs no large one before it.
    private const int LargestWarmUp = 32;

    /// <summary>Calls at least once, and again until so much time is over.</summary>
    public async Task<EmbeddingRuns> RunAsync(int tokens, int batch, TimeSpan duration, CancellationToken cancel)
    {
        int[][] texts = Texts(tokens, batch);
        await embedder.EmbedTokensAsync(texts[..Math.Min(batch, LargestWarmUp)], cancel: cancel);
        var milliseconds = new List<double>();
        var clock = Stopwatch.StartNew();
        do
        {
            long start = Stopwatch.GetTimestamp();
            await embedder.EmbedTokensAsync(texts, cancel: cancel);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (clock.Elapsed < duration);
        return new(tokens, batch, [.. milliseconds]);
    }

    private int[][] Texts(int tokens, int batch)
    {
        var random = new Random(7);
        int[][] texts = new int[batch][];
        for (int i = 0; i < batch; i++)
        {
            texts[i] = new int[tokens];
            for (int j = 0; j < tokens; j++)
                texts[i][j] = random.Next(embedder.VocabularySize);
        }

        return texts;
    }
}
