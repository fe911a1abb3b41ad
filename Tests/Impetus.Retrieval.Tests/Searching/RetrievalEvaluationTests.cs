using System.Text;
using System.Text.Json;
using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Searching.Evaluation;
using Impetus.Retrieval.Tests.Indexing;

namespace Impetus.Retrieval.Tests.Searching;

public sealed class RetrievalEvaluationTests
{
    /// <summary>nDCG@10 of full text over whole passages, as measured by independent programs: FTS5 with Porter and titles twice; bigrams; Snowball.</summary>
    private static readonly Dictionary<string, double> Published = new()
    {
        ["squad"] = 0.950,
        ["xquad_zh"] = 0.967,
        ["xquad_ar"] = 0.945,
        ["xquad_de"] = 0.941,
    };

    public static TheoryData<string> Collections() => [.. Directory.GetDirectories(Fixture.Path("retrieval")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Words_alone_reach_the_published_figures(string collection)
    {
        var report = await RetrievalEvaluation.RunAsync(
            Fixture.Path("retrieval", collection), new FakeModels { MaxTokens = 1_000_000 }, new() { Mode = SearchMode.FullText, Chunking = EvaluationOptions.WholeDocuments });
        Assert.InRange(report.Mean.NdcgAt10, Published.GetValueOrDefault(collection) - 0.005, 1);
        Assert.InRange(report.Mean.RecallAt100, 0.98, 1);
    }

    [Fact]
    public async Task A_report_says_each_query_and_a_run_is_in_trec_form()
    {
        var report = await RetrievalEvaluation.RunAsync(Fixture.Path("retrieval", "xquad_de"), new FakeModels(), new() { Mode = SearchMode.FullText });
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            report.WriteJson(writer);
        var json = JsonDocument.Parse(buffer.ToArray()).RootElement;
        Assert.Equal(report.Mean.NdcgAt10, json.GetProperty("metrics").GetProperty("ndcg@10").GetDouble(), 6);
        Assert.Equal(477, json.GetProperty("per_query").GetArrayLength());

        var run = new StringBuilder();
        report.WriteRun(new StringWriter(run));
        var lines = run.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        Assert.All(lines, line => Assert.Equal(("Q0", "impetus", 6), (line[1], line[5], line.Length)));
        Assert.All(lines.GroupBy(line => line[0]), query => Assert.InRange(query.Count(), 1, 100));
        Assert.Equal("1", lines[0][3]);
        Assert.All(lines.GroupBy(line => line[0]), query =>
        {
            float[] scores = [.. query.Select(line => float.Parse(line[4], System.Globalization.CultureInfo.InvariantCulture))];
            Assert.All(scores.Zip(scores.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        });
    }
}
