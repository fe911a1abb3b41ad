namespace Impetus.Retrieval.Searching;

/// <summary>
/// Joins two rankings by their z-scores: each list is normalised over its own members (minus mean, by standard deviation), a chunk that a
/// list lacks takes that list's least, and the sum is weighted.
/// </summary>
internal static class Fusion
{
    /// <summary>The fused score of each chunk of either list.</summary>
    /// <param name="fullText">Chunks and scores, higher is better.</param>
    /// <param name="dense">Chunks and scores, higher is better.</param>
    /// <param name="denseWeight">From 0 (words alone) to 1.</param>
    public static Dictionary<TKey, double> Fuse<TKey>(
        IReadOnlyList<(TKey Chunk, double Score)> fullText, IReadOnlyList<(TKey Chunk, double Score)> dense, double denseWeight)
        where TKey : notnull
    {
        var words = Standardize(fullText, out double leastWords);
        var meaning = Standardize(dense, out double leastMeaning);
        return words.Keys.Union(meaning.Keys).ToDictionary(
            chunk => chunk,
            chunk => (1 - denseWeight) * words.GetValueOrDefault(chunk, leastWords) + denseWeight * meaning.GetValueOrDefault(chunk, leastMeaning));
    }

    private static Dictionary<TKey, double> Standardize<TKey>(IReadOnlyList<(TKey Chunk, double Score)> list, out double least)
        where TKey : notnull
    {
        least = 0;
        if (list.Count == 0)
            return [];
        double mean = list.Average(item => item.Score);
        double deviation = Math.Sqrt(list.Average(item => (item.Score - mean) * (item.Score - mean)));
        var scores = list.ToDictionary(item => item.Chunk, item => deviation > 0 ? (item.Score - mean) / deviation : 0);
        least = scores.Values.Min();
        return scores;
    }
}
