using System.Globalization;
using System.Text.Json;

namespace Impetus.Retrieval.Searching.Evaluation;

/// <summary>A document in a ranking.</summary>
public readonly record struct RankedDocument(string Id, double Score);

/// <summary>What one question got.</summary>
/// <param name="Query">The question and its judgements.</param>
/// <param name="Ranking">At most a hundred documents, best first.</param>
/// <param name="Metrics">How good that is.</param>
public sealed record QueryResult(JudgedQuery Query, IReadOnlyList<RankedDocument> Ranking, RankingMetrics Metrics);

/// <summary>What an evaluation measured.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Mode">The signals that ranked.</param>
/// <param name="EmbeddingModel">The embedding model's id.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Chunks">Number of chunks that they were cut into.</param>
/// <param name="Queries">Each question.</param>
public sealed record EvaluationReport(
    string Collection, SearchMode Mode, string EmbeddingModel, int Documents, int Chunks, IReadOnlyList<QueryResult> Queries)
{
    /// <summary>The mean over the questions that have a relevant document.</summary>
    public RankingMetrics Mean => RankingMetrics.Mean([.. Judged.Select(query => query.Metrics)]);

    private IEnumerable<QueryResult> Judged => Queries.Where(query => query.Query.Grades.Values.Any(grade => grade > 0));

    /// <summary>Writes the report as one JSON object.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("collection", Collection);
        writer.WriteString("mode", Mode.ToString().ToLowerInvariant());
        writer.WriteString("embedding_model", EmbeddingModel);
        writer.WriteNumber("documents", Documents);
        writer.WriteNumber("chunks", Chunks);
        writer.WriteNumber("queries", Queries.Count);
        writer.WriteNumber("judged_queries", Judged.Count());
        writer.WriteStartObject("metrics");
        Write(writer, Mean);
        writer.WriteEndObject();
        writer.WriteStartArray("per_query");
        foreach (var query in Judged)
        {
            writer.WriteStartObject();
            writer.WriteString("id", query.Query.Id);
            Write(writer, query.Metrics);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes the rankings in TREC's run format: query, <c>Q0</c>, document, rank from 1, score, tag.</summary>
    public void WriteRun(TextWriter writer)
    {
        foreach (var query in Queries)
        {
            // trec_eval sorts by score, in single precision, and breaks ties by id: scores must fall strictly to keep this order.
            float score = float.PositiveInfinity;
            for (int i = 0; i < query.Ranking.Count; i++)
            {
                score = Math.Min((float)query.Ranking[i].Score, MathF.BitDecrement(score));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{query.Query.Id} Q0 {query.Ranking[i].Id} {i + 1} {score:R} impetus"));
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, RankingMetrics metrics)
    {
        writer.WriteNumber("ndcg@10", Math.Round(metrics.NdcgAt10, 6));
        writer.WriteNumber("recall@10", Math.Round(metrics.RecallAt10, 6));
        writer.WriteNumber("recall@100", Math.Round(metrics.RecallAt100, 6));
        writer.WriteNumber("mrr@10", Math.Round(metrics.MrrAt10, 6));
    }
}
