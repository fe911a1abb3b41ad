using System.CommandLine;
using System.Globalization;
using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus bench embeddings`: how many texts an embedding model reads in a second, by length and batch, in this process.</summary>
internal static class BenchEmbeddingsCommand
{
    private const int MostTokens = 1 << 16;
    private const int MostTexts = 1 << 16;

    public static void AddTo(Command bench, CommandStreams streams)
    {
        var model = new LocalModel("embedding model", StarterModels.Embedding);
        var tokens = Numbers("--tokens", "Tokens of a text.", [16, 64, 256], MostTokens);
        var batch = Numbers("--batch", "Texts of a call.", [1, 32, 512], MostTexts);
        var seconds = BenchCommand.Number("--seconds", "How long each combination is called, at least once.", 3);
        var asJson = new Option<bool>("--json") { Description = "Write JSON, with each call." };
        var command = new Command("embeddings", "Measures an embedding model: texts a second by their length and how many are sent at once.")
        {
            tokens, batch, seconds, asJson,
        };
        model.AddTo(command);
        command.SetAction((parsed, cancel) => model.UseAsync(
            parsed,
            (folder, engine) => Embedder.LoadAsync(folder, engine.Backend, engine.Thread, cancel: cancel),
            async embedder =>
            {
                int[] lengths = await ReadableAsync(parsed.GetValue(tokens)!, embedder, streams.Error);
                var benchmark = new EmbeddingBenchmark(embedder);
                var runs = new List<EmbeddingRuns>();
                foreach (int length in lengths)
                {
                    foreach (int texts in parsed.GetValue(batch)!)
                        runs.Add(await benchmark.RunAsync(length, texts, TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancel));
                }

                if (parsed.GetValue(asJson))
                    await WriteAsync(streams, model.Name(parsed), runs);
                else
                    Show(streams.Console, model.Name(parsed), runs);
                return ExitCode.Ok;
            }));
        bench.Subcommands.Add(command);
    }

    private static Option<int[]> Numbers(string name, string help, int[] standard, int most)
    {
        var option = new Option<int[]>(name)
        {
            Description = help,
            HelpName = "numbers",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(given => !int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1 || number > most))
                result.AddError($"{name} takes whole numbers from 1 to {most}.");
        });
        return option;
    }

    /// <summary>The lengths that the model reads; the others are named.</summary>
    private static async Task<int[]> ReadableAsync(int[] lengths, Embedder embedder, TextWriter error)
    {
        int[] tooLong = [.. lengths.Where(length => length > embedder.MaxTokens)];
        if (tooLong.Length > 0)
            await error.WriteLineAsync($"Left out: texts of {string.Join(", ", tooLong)} tokens; the model reads at most {embedder.MaxTokens}.");
        return [.. lengths.Except(tooLong)];
    }

    private static Task WriteAsync(CommandStreams streams, string model, IReadOnlyList<EmbeddingRuns> runs) => streams.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteString("version", ImpetusServer.Version);
        json.WriteList("measured", runs, run =>
        {
            json.WriteStartObject();
            json.WriteNumber("tokens", run.Tokens);
            json.WriteNumber("batch", run.Batch);
            json.WriteNumber("texts_per_second", Math.Round(run.TextsPerSecond, 3));
            json.WriteStartObject("milliseconds");
            foreach (int percent in Percentile.Reported)
                json.WriteNumber($"p{percent}", Math.Round(Percentile.Of(run.Milliseconds, percent), 3));
            json.WriteList("calls", run.Milliseconds, value => json.WriteNumberValue(Math.Round(value, 3)));
            json.WriteEndObject();
            json.WriteEndObject();
        });
        json.WriteEndObject();
    });

    private static void Show(IAnsiConsole console, string model, IReadOnlyList<EmbeddingRuns> runs)
    {
        console.MarkupLineInterpolated($"{model}: texts of so many tokens, so many a call");
        // Without borders it fits a narrow terminal.
        var table = new Table().NoBorder().AddColumns("Tokens", "Batch", "Texts/s", "Calls");
        foreach (int percent in Percentile.Reported)
            table.AddColumn($"p{percent} ms");
        foreach (var column in table.Columns)
            column.RightAligned().NoWrap();
        foreach (var run in runs)
        {
            table.AddRow([
                Text(run.Tokens, "0"), Text(run.Batch, "0"), Text(run.TextsPerSecond, "0.0"), Text(run.Milliseconds.Length, "0"),
                .. Percentile.Reported.Select(percent => Percentile.Of(run.Milliseconds, percent)).Select(value => Text(value, value < 100 ? "0.00" : "0")),
            ]);
        }

        console.Write(table);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
