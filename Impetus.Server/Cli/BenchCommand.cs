using System.CommandLine;
using System.Globalization;
using Impetus.Engine;
using Impetus.Engine.Hub;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus bench`: how fast a chat model reads and writes, in this process.</summary>
internal static class BenchCommand
{
    private const int Most = 1_000_000;

    private static readonly (bool Warm, string Name)[] Caches = [(false, "cold"), (true, "warm")];

    private static readonly int[] Percents = [10, 50, 90];

    private static readonly (string Name, Func<BenchmarkRun, double> Value)[] Measures =
    [
        ("first_token_milliseconds", run => run.Usage.QueueMilliseconds + run.Usage.PrefillMilliseconds),
        ("prefill_tokens_per_second", run => (run.Usage.PromptTokens - run.Usage.CachedTokens) / run.Usage.PrefillMilliseconds * 1000),
        ("decode_tokens_per_second", run => (run.Usage.CompletionTokens - 1) / run.Usage.DecodeMilliseconds * 1000),
        ("cached_tokens", run => run.Usage.CachedTokens),
    ];

    public static void AddTo(Command root, CommandStreams streams)
    {
        var model = new LocalModel("chat model", StarterModels.Chat);
        var prompt = Number("--prompt", "Tokens of the prompt.", 512);
        var answer = Number("--answer", "Tokens of the answer.", 64, least: 2);
        var repetitions = Number("--repetitions", "Measured runs, cold and warm each.", 5);
        var warmUp = Number("--warm-up", "Runs before, which do not count.", 1);
        var asJson = new Option<bool>("--json") { Description = "Write JSON, with each run." };
        var command = new Command("bench", "Measures prefill and decoding: each prompt cold (nothing cached), then warm (its prefix cached).")
        {
            prompt, answer, repetitions, warmUp, asJson,
        };
        model.AddTo(command);
        command.SetAction((parsed, cancel) => model.UseAsync(
            parsed,
            (folder, engine) => ChatModel.LoadAsync(folder, engine, cancel: cancel),
            async loaded =>
            {
                var benchmark = new GenerationBenchmark(loaded, parsed.GetValue(prompt), parsed.GetValue(answer));
                var runs = await benchmark.RunAsync(parsed.GetValue(warmUp), parsed.GetValue(repetitions), cancel);
                if (parsed.GetValue(asJson))
                    await WriteAsync(streams, model.Name(parsed), runs);
                else
                    Show(streams.Console, model.Name(parsed), runs);
                return ExitCode.Ok;
            }));
        BenchLibrary.AddTo(command, streams);
        root.Subcommands.Add(command);
    }

    /// <summary>An option that is a whole number up to a million.</summary>
    public static Option<int> Number(string name, string help, int standard, int least = 1)
    {
        var option = new Option<int>(name) { Description = help, HelpName = "number", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var given]
                && (!int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < least || number > Most))
                result.AddError($"{name} must be a whole number from {least} to {Most}.");
        });
        return option;
    }

    private static Task WriteAsync(CommandStreams streams, string model, IReadOnlyList<BenchmarkRun> runs) => streams.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteString("version", ImpetusServer.Version);
        foreach (var (warm, cache) in Caches)
        {
            json.WriteStartObject(cache);
            foreach (var (name, value) in Measures)
            {
                double[] values = [.. runs.Where(run => run.Warm == warm).Select(value)];
                json.WriteStartObject(name);
                foreach (int percent in Percents)
                    json.WriteNumber($"p{percent}", Math.Round(Percentile(values, percent), 3));
                json.WriteList("runs", values, run => json.WriteNumberValue(Math.Round(run, 3)));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static void Show(IAnsiConsole console, string model, IReadOnlyList<BenchmarkRun> runs)
    {
        console.WriteLine($"{model}: {runs[0].Usage.PromptTokens} tokens in, {runs[0].Usage.CompletionTokens} out, {runs.Count / 2} runs each");
        var table = new Table().AddColumns("Cache", "Measure", "p10", "p50", "p90");
        foreach (var (warm, cache) in Caches)
        {
            foreach (var (name, value) in Measures)
            {
                double[] values = [.. runs.Where(run => run.Warm == warm).Select(value)];
                table.AddRow([cache, name, .. Percents.Select(percent => Percentile(values, percent).ToString("0.0", CultureInfo.InvariantCulture))]);
            }
        }

        console.Write(table);
    }

    /// <summary>The nearest rank.</summary>
    public static double Percentile(double[] values, int percent) =>
        values.Order().ElementAt(Math.Max((int)Math.Ceiling(values.Length * percent / 100.0) - 1, 0));
}
