using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Engine.Embedding;

namespace Impetus.Server.Cli;

/// <summary>`impetus rerank`: documents scored against queries, JSON lines in and out, in a process of its own.</summary>
internal static class RerankCommand
{
    public static void AddTo(Command root)
    {
        var model = new LocalModel("reranker");
        var command = new Command(
            "rerank",
            "Scores documents: reads {\"query\", \"documents\"} and writes {\"scores\", \"normalised\"} in the documents' order, a line each.");
        model.AddTo(command);
        command.SetAction((parsed, _) => model.UseAsync(
            parsed,
            (folder, engine) => Reranker.LoadAsync(folder, engine.Backend, engine.Thread),
            async reranker => await JsonLines.RunOnConsoleAsync(line => ScoreAsync(reranker, line)) ? ExitCode.Ok : ExitCode.Fault));
        root.Subcommands.Add(command);
    }

    internal static async Task<JsonObject> ScoreAsync(Reranker reranker, JsonElement line)
    {
        string query = line.Text("query") ?? throw new JsonLineException("query is missing.");
        try
        {
            var scores = await reranker.ScoreAsync(query, line.Texts("documents"));
            var answer = new JsonObject
            {
                ["scores"] = new JsonArray([.. scores.Select(score => (JsonNode)score.Raw)]),
                ["normalised"] = new JsonArray([.. scores.Select(score => (JsonNode)score.Normalised)]),
            };
            int[] truncated = [.. Enumerable.Range(0, scores.Count).Where(i => scores[i].Truncated)];
            if (truncated.Length > 0)
                answer["truncated"] = new JsonArray([.. truncated.Select(i => (JsonNode)i)]);
            return answer;
        }
        catch (EmbeddingException fault)
        {
            throw new JsonLineException(fault.Message);
        }
    }
}
