using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Impetus.Engine;
using Impetus.Engine.Hardware;
using Impetus.Engine.Hub;
using Impetus.Engine.Tensors;
using Impetus.Server.Management;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus bench`: how fast a chat model reads and writes, in this process.</summary>
internal static class BenchCommand
{
    private const int Most = 1_000_000;

    private static readonly (bool Warm, string Name)[] Caches = [(false, "cold"), (true, "warm")];

    private static readonly (string Name, Func<BenchmarkRun, double> Value)[] Measures =
    [
        ("first_token_milliseconds", run => run.FirstTokenMilliseconds),
        ("prefill_tokens_per_second", run => run.PrefillTokensPerSecond),
        ("decode_tokens_per_second", run => run.DecodeTokensPerSecond),
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
        BenchEmbeddingsCommand.AddTo(command, streams);
        command.SetAction((parsed, cancel) => model.UseAsync(
            parsed,
            async (folder, engine) => new Bench(await ChatModel.LoadAsync(folder, engine, cancel: cancel), folder, engine),
            async bench =>
            {
                var benchmark = new GenerationBenchmark(bench.Model.Scheduler, parsed.GetValue(prompt), parsed.GetValue(answer));
                var runs = await benchmark.RunAsync(parsed.GetValue(warmUp), parsed.GetValue(repetitions), cancel);
                var memory = await bench.Engine.MemoryAsync();
                var loops = await LoopComparison.MeasureAsync(
                    bench.Folder, bench.Engine, parsed.GetValue(prompt), parsed.GetValue(answer), parsed.GetValue(repetitions));
                var report = new BenchReport(model.Name(parsed), bench.Engine.Reason, memory, runs, loops);
                if (parsed.GetValue(asJson))
                    await WriteAsync(streams, report);
                else
                    Show(streams.Console, report);
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

    private static Task WriteAsync(CommandStreams streams, BenchReport report) => streams.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", report.Model);
        json.WriteString("version", ImpetusServer.Version);
        json.WriteString("machine", Machine.Current.ToString());
        json.WriteString("engine", report.Engine);
        json.WriteStartObject("memory");
        json.WriteNumber("active_bytes", report.Memory.ActiveBytes);
        if (report.Memory is { PeakBytes: { } peak, CachedBytes: { } cached })
        {
            json.WriteNumber("peak_bytes", peak);
            json.WriteNumber("cached_bytes", cached);
        }

        json.WriteEndObject();
        if (report.Loops is { } loops)
            Write(json, loops);
        foreach (var (warm, cache) in Caches)
        {
            json.WriteStartObject(cache);
            foreach (var (name, value) in Measures)
            {
                double[] values = [.. report.Runs.Where(run => run.Warm == warm).Select(value)];
                json.WriteStartObject(name);
                foreach (int percent in Percentile.Reported)
                    json.WriteNumber($"p{percent}", Math.Round(Percentile.Of(values, percent), 3));
                json.WriteList("runs", values, run => json.WriteNumberValue(Math.Round(run, 3)));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, LoopComparison loops)
    {
        json.WriteStartObject("loop");
        json.WriteNumber("steps", loops.Steps);
        json.WriteNumber("operations", loops.Operations);
        json.WriteNumber("ratio", Math.Round(loops.Ratio, 3));
        json.WriteNumber("overhead_microseconds", Math.Round(loops.OverheadMicroseconds, 1));
        foreach (var (name, times) in new[] { ("ours", loops.Ours), ("bare", loops.Bare) })
        {
            json.WriteStartObject(name);
            json.WriteNumber("step_microseconds", Math.Round(times.StepMicroseconds, 1));
            json.WriteNumber("lay_out_microseconds", Math.Round(times.LayOutMicroseconds, 1));
            json.WriteNumber("allocated_bytes", Math.Round(times.AllocatedBytes));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Show(IAnsiConsole console, BenchReport report)
    {
        var runs = report.Runs;
        console.WriteLine($"{Machine.Current}. {report.Engine}");
        console.WriteLine($"{report.Model}: {runs[0].Usage.PromptTokens} tokens in, {runs[0].Usage.CompletionTokens} out, {runs.Count / 2} runs each");
        var table = new Table().AddColumns("Cache", "Measure", "p10", "p50", "p90");
        foreach (var (warm, cache) in Caches)
        {
            foreach (var (name, value) in Measures)
            {
                double[] values = [.. runs.Where(run => run.Warm == warm).Select(value)];
                table.AddRow([cache, name, .. Percentile.Reported.Select(percent => Percentile.Of(values, percent).ToString("0.0", CultureInfo.InvariantCulture))]);
            }
        }

        console.Write(table);
        console.WriteLine($"memory: {ByteCount.Text(report.Memory.ActiveBytes)}{Peak(report.Memory)}");
        if (report.Loops is not { } loops)
            return;
        var steps = new Table().AddColumns("One step of", "µs", "of it laying out", "bytes allocated");
        foreach (var (name, times) in new[] { ("our loop", loops.Ours), ("a bare C loop", loops.Bare) })
            steps.AddRow(name, Rounded(times.StepMicroseconds), Rounded(times.LayOutMicroseconds), Rounded(times.AllocatedBytes));
        console.Write(steps);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{loops.Ratio:0.00} times the bare loop; {loops.OverheadMicroseconds:0} µs of the host a step, in {loops.Operations} operations"));
    }

    private static string Peak(BackendMemory memory) => memory is { PeakBytes: { } peak, CachedBytes: { } cached }
        ? $", at most {ByteCount.Text(peak)}, {ByteCount.Text(cached)} kept for later"
        : "";

    private static string Rounded(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record BenchReport(
        string Model, string Engine, BackendMemory Memory, IReadOnlyList<BenchmarkRun> Runs, LoopComparison? Loops);

    private sealed record Bench(ChatModel Model, string Folder, InferenceEngine Engine) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Model.DisposeAsync();
    }
}
