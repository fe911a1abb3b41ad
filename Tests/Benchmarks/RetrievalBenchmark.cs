using System.Globalization;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Searching.Evaluation;
using Impetus.Server.Documents;
using Impetus.Tests;

namespace Impetus.Benchmarks;

/// <summary>Judged collections, searched by words, by meaning and by both, with the starter embedder: the tables of <c>docs/retrieval.md</c>.</summary>
internal static class RetrievalBenchmark
{
    private const int Samples = 10_000;

    public static async Task RunAsync(string[] folders)
    {
        string model = Fixture.Model("all-MiniLM-L6-v2");
        using var thread = new EngineThread();
        await using var embedder = await Embedder.LoadAsync(model, new CpuBackend(), thread);
        var models = new OneModel(EngineEmbeddings.ToModel(StarterModels.Embedding, embedder, HfTokenizer.Load(model), ["en"]));
        Console.WriteLine("| collection | signals | nDCG@10 | recall@10 | recall@100 | MRR@10 | both minus this, nDCG@10 [95 %] |");
        Console.WriteLine("|-|-|-|-|-|-|-|");
        foreach (string folder in folders)
        {
            await using var evaluation = await RetrievalEvaluation.PrepareAsync(JudgedCollection.Load(folder), models);
            var both = await evaluation.MeasureAsync(SearchMode.Hybrid);
            var words = await evaluation.MeasureAsync(SearchMode.FullText);
            var meaning = await evaluation.MeasureAsync(SearchMode.Dense);
            Write("words", words, both);
            Write("meaning", meaning, both);
            Write("both, by reciprocal ranks", ByRanks(words, meaning), both);
            Write("**both**", both, null);
        }
    }

    /// <summary>What many peers do: a document's score is the sum of 1 / (60 + rank) over both rankings.</summary>
    private static EvaluationReport ByRanks(EvaluationReport words, EvaluationReport meaning) => words with
    {
        Queries =
        [
            .. words.Queries.Zip(meaning.Queries, (a, b) =>
            {
                RankedDocument[] fused =
                [
                    .. a.Ranking.Index().Concat(b.Ranking.Index()).GroupBy(ranked => ranked.Item.Id, StringComparer.Ordinal)
                        .Select(group => new RankedDocument(group.Key, group.Sum(ranked => 1.0 / (61 + ranked.Index))))
                        .OrderByDescending(document => document.Score).ThenBy(document => document.Id, StringComparer.Ordinal),
                ];
                return new QueryResult(a.Query, fused, RankingMetrics.Of([.. fused.Select(document => document.Id)], a.Query.Grades));
            }),
        ],
    };

    private static void Write(string signals, EvaluationReport report, EvaluationReport? both)
    {
        var mean = report.Mean;
        string difference = both is null ? "" : Bootstrap([.. Judged(both).Zip(Judged(report), (b, r) => b.Metrics.NdcgAt10 - r.Metrics.NdcgAt10)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {report.Collection} | {signals} | {mean.NdcgAt10:0.0000} | {mean.RecallAt10:0.0000} | {mean.RecallAt100:0.0000} | {mean.MrrAt10:0.0000} | {difference} |"));
    }

    private static IEnumerable<QueryResult> Judged(EvaluationReport report) =>
        report.Queries.Where(query => query.Query.Grades.Values.Any(grade => grade > 0));

    /// <summary>The mean of paired differences, and where 95 of 100 resampled means lie.</summary>
    private static string Bootstrap(double[] differences)
    {
        var random = new Random(1);
        double[] means = [.. Enumerable.Range(0, Samples).Select(_ =>
        {
            double sum = 0;
            for (int i = 0; i < differences.Length; i++)
                sum += differences[random.Next(differences.Length)];
            return sum / differences.Length;
        }).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{differences.Average():+0.0000;-0.0000} [{means[Samples / 40]:+0.0000;-0.0000}, {means[^(Samples / 40)]:+0.0000;-0.0000}]");
    }

    private sealed class OneModel(EmbeddingModel model) : IEmbeddingModels
    {
        public string DefaultId => model.Id;

        public ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(model);
    }
}
