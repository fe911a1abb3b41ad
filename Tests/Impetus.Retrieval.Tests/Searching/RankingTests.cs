using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Searching.Evaluation;

namespace Impetus.Retrieval.Tests.Searching;

public sealed class RankingTests
{
    [Fact]
    public void Metrics_are_those_of_trec_eval()
    {
        // dcg = 3/log2(3) + 1/log2(5); ideal = 3 + 2/log2(3) + 1/2: linear gains.
        var grades = new Dictionary<string, int> { ["a"] = 3, ["b"] = 2, ["c"] = 1, ["d"] = 0 };
        var metrics = RankingMetrics.Of(["x", "a", "d", "c"], grades);
        Assert.Equal((3 / Math.Log2(3) + 1 / Math.Log2(5)) / (3 + 2 / Math.Log2(3) + 0.5), metrics.NdcgAt10, 12);
        Assert.Equal(2.0 / 3, metrics.RecallAt10, 12);
        Assert.Equal(0.5, metrics.MrrAt10, 12);
        Assert.Equal(0, RankingMetrics.Of([.. Enumerable.Range(0, 10).Select(i => $"{i}"), "a"], grades).MrrAt10);
        Assert.Equal(1 / 3.0, RankingMetrics.Of([.. Enumerable.Range(0, 99).Select(i => $"{i}"), "a", "b"], grades).RecallAt100, 12);
    }

    [Fact]
    public void Fusion_weighs_z_scores_and_gives_a_chunk_below_a_cut_the_least_of_the_list()
    {
        // Words: mean 2, deviation 1: z = 1, -1. Meaning: mean 0.5, deviation 0.1: z = 1, -1.
        var fused = Fusion.Fuse<int>(new([(1, 3.0), (2, 1.0)], null), new([(2, 0.6), (3, 0.4)], null), 0.25);
        Assert.Equal(0.75 * 1 + 0.25 * -1, fused[1], 9);
        Assert.Equal(0.75 * -1 + 0.25 * 1, fused[2], 9);
        Assert.Equal(-1, fused[3], 9);
    }

    [Fact]
    public void A_single_hit_by_words_counts_for_more_than_none()
    {
        var fused = Fusion.Fuse<int>(new([(1, 3.0)], 0), new([(2, 0.6), (1, 0.5)], null), 0.25);
        Assert.Equal(0.75 * 1 + 0.25 * -1, fused[1], 9);
        Assert.Equal(0.75 * -1 + 0.25 * 1, fused[2], 9);
    }

    [Fact]
    public void One_empty_list_leaves_the_order_of_the_other()
    {
        var fused = Fusion.Fuse<int>(new([], 0), new([(1, 0.9), (2, 0.1)], null), 0.5);
        Assert.True(fused[1] > fused[2]);
        Assert.Equal(0, Assert.Single(Fusion.Fuse<int>(new([(7, 5.0)], null), new([], null), 0.5)).Value);
    }
}
