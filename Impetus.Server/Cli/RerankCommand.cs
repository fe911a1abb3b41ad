using System.CommandLine;
using System.Text.Json;
using Impetus.Engine.Embedding;

namespace Impetus.Server.Cli;

/// <summary>`impetus rerank`: documents scored against queries, JSON lines in and out, in a process of its own.</summary>
internal static class RerankCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var model = new LocalModel("reranker");
        var command = new Command(
            "rerank",
            "Scores documents: reads {\"query\", \"documents\"} and writes {\"scores\", \"normalised\"} in the documents' order, a line each.");
        model.AddTo(command);
        command.SetAction((parsed, cancel) => model.UseAsync(
            parsed,
            (folder, engine) => Reranker.LoadAsync(folder, engine.Backend, engine.Thread),
            async reranker =>
            {
                await JsonLines.RunAsync(streams.Input, streams.Output, line => AnswerAsync(reranker, line), JsonLines.Many, cancel);
                return ExitCode.Ok;
            }));
        root.Subcommands.Add(command);
    }

    private static async Task<Action<Utf8JsonWriter>> AnswerAsync(Reranker reranker, JsonElement line)
    {
        string query = line.Text("query") ?? throw new JsonLineException("query is missing.");
        var documents = line.Texts("documents") ?? throw new JsonLineException("documents is missing.");
        var scores = await reranker.ScoreAsync(query, documents);
        return json =>
        {
            json.WriteNumbers("scores", [.. scores.Select(score => score.Raw)]);
            json.WriteNumbers("normalised", [.. scores.Select(score => score.Normalised)]);
            int[] truncated = [.. Enumerable.Range(0, scores.Count).Where(i => scores[i].Truncated)];
            if (truncated.Length > 0)
                json.WriteNumbers("truncated", truncated);
        };
    }
}
