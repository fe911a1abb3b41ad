namespace Impetus.Retrieval.Searching;

/// <summary>A signal's ranking.</summary>
/// <param name="Scores">Chunks and scores; higher is better.</param>
/// <param name="Absent">
/// The score of a chunk that the ranking lacks, where that is known: 0 by words, if all chunks with any of the words are there. Null where
/// the ranking was cut: then the least score in it stands for what is below.
/// </param>
internal readonly record struct SignalRanking<TKey>(IReadOnlyList<(TKey Chunk, double Score)> Scores, double? Absent);

/// <summary>Joins two rankings by their z-scores: each signal is normalised over all candidates (minus mean, by standard deviation), and the sum is weighted.</summary>
internal static class Fusion
{
    /// <summary>The fused score of each chunk of either ranking.</summary>
    /// <param name="fullText">By words.</param>
    /// <param name="dense">By meaning.</param>
    /// <param name="denseWeight">From 0 (words alone) to 1.</param>
    public static Dictionary<TKey, double> Fuse<TKey>(SignalRanking<TKey> fullText, SignalRanking<TKey> dense, double denseWeight)
        where TKey : notnull
    {
        var chunks = fullText.Scores.Concat(dense.Scores).Select(item => item.Chunk).Distinct().ToList();
        var words = Standardize(fullText, chunks);
        var meaning = Standardize(dense, chunks);
        return chunks.ToDictionary(chunk => chunk, chunk => (1 - denseWeight) * words[chunk] + denseWeight * meaning[chunk]);
    }

    /// <summary>z-scores of all chunks. What a cut ranking lacks is left out of mean and deviation, and takes the least z.</summary>
    private static Dictionary<TKey, double> Standardize<TKey>(SignalRanking<TKey> ranking, List<TKey> chunks)
        where TKey : notnull
    {
        var scores = ranking.Scores.ToDictionary(item => item.Chunk, item => item.Score);
        if (ranking.Absent is { } absent)
        {
            foreach (var chunk in chunks)
                scores.TryAdd(chunk, absent);
        }
        if (scores.Count == 0)
            return chunks.ToDictionary(chunk => chunk, _ => 0.0);
        double mean = scores.Values.Average();
        double deviation = Math.Sqrt(scores.Values.Average(score => (score - mean) * (score - mean)));
        double least = scores.Values.Min();
        return chunks.ToDictionary(chunk => chunk, chunk => deviation > 0 ? (scores.GetValueOrDefault(chunk, least) - mean) / deviation : 0);
    }
}
