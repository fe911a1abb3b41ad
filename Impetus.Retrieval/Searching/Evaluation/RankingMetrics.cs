namespace Impetus.Retrieval.Searching.Evaluation;

/// <summary>How good a ranking is, by trec_eval's definitions: linear gain, discount log2(rank + 1); a grade above 0 is relevant.</summary>
public readonly record struct RankingMetrics(double NdcgAt10, double RecallAt10, double RecallAt100, double MrrAt10)
{
    /// <summary>Measures a ranking, best first, against the grades.</summary>
    public static RankingMetrics Of(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> grades)
    {
        int relevant = grades.Values.Count(grade => grade > 0);
        if (relevant == 0)
            return default;
        int firstRelevant = ranking.Take(10).TakeWhile(id => Gain(id, grades) == 0).Count();
        return new RankingMetrics(
            Dcg(ranking.Select(id => Gain(id, grades))) / Dcg(grades.Values.Where(grade => grade > 0).OrderDescending()),
            ranking.Take(10).Count(id => Gain(id, grades) > 0) / (double)relevant,
            ranking.Take(100).Count(id => Gain(id, grades) > 0) / (double)relevant,
            firstRelevant < Math.Min(10, ranking.Count) ? 1.0 / (firstRelevant + 1) : 0);
    }

    /// <summary>The mean of each metric.</summary>
    public static RankingMetrics Mean(IReadOnlyCollection<RankingMetrics> metrics) => metrics.Count == 0
        ? default
        : new RankingMetrics(
            metrics.Average(m => m.NdcgAt10), metrics.Average(m => m.RecallAt10), metrics.Average(m => m.RecallAt100), metrics.Average(m => m.MrrAt10));

    private static int Gain(string id, IReadOnlyDictionary<string, int> grades) => Math.Max(0, grades.GetValueOrDefault(id));

    private static double Dcg(IEnumerable<int> gains) => gains.Take(10).Select((gain, rank) => gain / Math.Log2(rank + 2)).Sum();
}
