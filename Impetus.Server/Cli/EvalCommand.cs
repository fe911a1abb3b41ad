using System.CommandLine;
using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching.Evaluation;
using Impetus.Server.Documents;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus eval retrieval`: how well the library as it ships finds what a judged collection says it should find.</summary>
internal static class EvalCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var eval = new Command("eval", "Measures Impetus on judged data.");
        eval.Subcommands.Add(Retrieval(streams));
        eval.Subcommands.Add(EvalAnswers.Create(streams));
        root.Subcommands.Add(eval);
    }

    private static Command Retrieval(CommandStreams streams)
    {
        var collection = new Option<string>("--collection")
        {
            Description = "Folder with the documents, the questions and the judgements.",
            HelpName = "folder",
            Required = true,
        };
        var run = new Option<string?>("--run") { Description = "Also write the ranked top 100 in TREC's run format.", HelpName = "file" };
        var asJson = new Option<bool>("--json") { Description = "Write JSON, with the metrics of each question." };
        var model = new LocalModel("embedding model", StarterModels.Embedding);
        var command = new Command("retrieval", "Adds a judged collection to a temporary library, asks its questions and judges the answers.")
        {
            collection, run, asJson,
        };
        model.AddTo(command);
        command.SetAction((parsed, cancel) => model.UseAsync(
            parsed,
            async (folder, engine) => new Loaded(await Embedder.LoadAsync(folder, engine.Backend, engine.Thread, cancel: cancel), HfTokenizer.Load(folder)),
            async loaded =>
            {
                string id = model.Name(parsed);
                var report = await RetrievalEvaluation.RunAsync(parsed.GetRequiredValue(collection), new OneModel(id, loaded), cancellationToken: cancel);
                if (parsed.GetValue(run) is { } file)
                {
                    await using var writer = new StreamWriter(file);
                    report.WriteRun(writer);
                }

                if (parsed.GetValue(asJson))
                    await streams.WriteJsonAsync(report.WriteJson);
                else
                    Show(streams.Console, report);
                return ExitCode.Ok;
            }));
        return command;
    }

    private static void Show(IAnsiConsole console, EvaluationReport report)
    {
        console.WriteLine($"{report.Collection}: {report.Queries.Count} questions over {report.Documents} documents ({report.Chunks} chunks), {report.EmbeddingModel}");
        var mean = report.Mean;
        var table = new Table().AddColumns("nDCG@10", "recall@10", "recall@100", "MRR@10");
        table.AddRow([.. new[] { mean.NdcgAt10, mean.RecallAt10, mean.RecallAt100, mean.MrrAt10 }.Select(value => value.ToString("0.0000", null))]);
        console.Write(table);
    }

    private sealed record Loaded(Embedder Embedder, HfTokenizer Tokenizer) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Embedder.DisposeAsync();
    }

    /// <summary>The one model that is evaluated.</summary>
    private sealed class OneModel(string id, Loaded loaded) : IEmbeddingModels
    {
        // The starter model was trained on English alone.
        private readonly EmbeddingModel _model = EngineEmbeddings.ToModel(
            id, loaded.Embedder, loaded.Tokenizer, id == StarterModels.Embedding ? ["en"] : []);

        public string DefaultId => id;

        public ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) => new(_model);
    }
}
