using System.CommandLine;
using System.Text.Json;
using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Models;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>
/// `impetus inspect logits`: what a language model computes for token ids. Weights and configuration are enough. In exact mode: a
/// position's numbers on the CPU depend neither on how many are asked for nor on threads.
/// </summary>
internal static class InspectLogits
{
    // Numbers that one answer may hold.
    private const long MaxNumbers = 1 << 26;

    public static void AddTo(Command inspect, CommandStreams streams)
    {
        var command = new Command(
            "logits",
            "Reads {\"ids\", \"last\"?: n, \"top\"?: k, \"greedy\"?: m, \"logprobs\"?: true} and writes, a line each, \"logits\" (or \"top\" and "
                + "\"logsumexp\") as lists with one entry for each of the last n positions (1), \"greedy\" as m ids, and \"logprobs\" of the ids.");
        var model = new ModelOption(command);
        var backend = new Option<string>("--backend") { Description = "cpu (exact) or mlx.", HelpName = "cpu|mlx", DefaultValueFactory = _ => "cpu" };
        backend.AcceptOnlyFromAmong("cpu", "mlx");
        command.Options.Add(backend);
        command.SetAction(async (parsed, cancel) =>
        {
            string folder = model.Folder(parsed)!;
            await using var engine = await StartAsync(parsed.GetValue(backend) == "mlx" ? BackendChoice.Mlx : BackendChoice.Cpu);
            var decoder = await LoadAsync(folder, engine, cancel);
            var probe = new DecoderProbe(decoder, engine.Backend);
            try
            {
                await JsonLines.RunAsync(
                    streams.Input, streams.Output, line => AnswerAsync(engine, probe, decoder.VocabularySize, Question.Read(line)), cancel: cancel);
            }
            finally
            {
                await engine.Thread.InvokeAsync(decoder.Dispose);
            }

            return ExitCode.Ok;
        });
        inspect.Subcommands.Add(command);
    }

    private static async Task<InferenceEngine> StartAsync(BackendChoice choice)
    {
        try
        {
            return await InferenceEngine.StartAsync(choice);
        }
        catch (BackendUnavailableException fault)
        {
            throw new SettingsException($"{fault.Message} Use --backend cpu.", fault);
        }
    }

    private static async Task<IDecoder> LoadAsync(string folder, InferenceEngine engine, CancellationToken cancel)
    {
        try
        {
            return await ChatModel.LoadDecoderAsync(folder, ConfigReader.OpenFolder(folder), engine, cancel: cancel);
        }
        catch (Exception fault) when (fault is CheckpointException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(fault.Message, fault);
        }
    }

    private static Task<Action<Utf8JsonWriter>> AnswerAsync(InferenceEngine engine, DecoderProbe probe, int vocabulary, Question question)
    {
        if (question.Top is null && (long)question.Last * vocabulary > MaxNumbers)
            throw new JsonLineException($"The last {question.Last} positions have more than {MaxNumbers} logits. Ask for fewer, or for the best with top.");
        return engine.Thread.InvokeAsync(() => Compute(probe, question));
    }

    private static Action<Utf8JsonWriter> Compute(DecoderProbe probe, Question question)
    {
        var rows = new List<Row>(question.Last);
        // A sequence without wanted positions is still checked.
        probe.Logits(question.Ids, question.Last, (_, logits) => rows.Add(Row.Of(logits, question.Top)));
        double?[]? logprobs = question.Logprobs ? probe.Logprobs(question.Ids) : null;
        int[]? greedy = question.Greedy is { } count ? probe.Greedy(question.Ids, count) : null;
        return json =>
        {
            if (question.Top is null)
            {
                json.WriteList("logits", rows, row => json.WriteList(row.Logits, json.WriteReal));
            }
            else
            {
                json.WriteList("top", rows, row => json.WriteList(row.Best, best => WritePair(json, best.Id, best.Logit)));
                json.WriteList("logsumexp", rows, row => json.WriteReal(row.LogSumExp));
            }

            if (greedy is not null)
                json.WriteNumbers("greedy", greedy);
            if (logprobs is not null)
                json.WriteList("logprobs", logprobs, logprob => json.WriteReal(logprob ?? double.NaN));
        };
    }

    private static void WritePair(Utf8JsonWriter json, int id, float logit)
    {
        json.WriteStartArray();
        json.WriteNumberValue(id);
        json.WriteReal(logit);
        json.WriteEndArray();
    }

    /// <summary>What a line asks.</summary>
    private sealed record Question(IReadOnlyList<int> Ids, int Last, int? Top, int? Greedy, bool Logprobs)
    {
        public static Question Read(JsonElement line)
        {
            var ids = line.Ids("ids") ?? throw new JsonLineException("ids is missing.");
            return new(ids, Math.Min(line.Count("last", 0) ?? 1, ids.Count), line.Count("top", 1), line.Count("greedy", 0), line.Flag("logprobs") ?? false);
        }
    }

    /// <summary>A position: all its logits, or the best of them.</summary>
    private sealed record Row(float[] Logits, (int Id, float Logit)[] Best, double LogSumExp)
    {
        public static Row Of(ReadOnlySpan<float> logits, int? top)
        {
            float[] all = logits.ToArray();
            if (top is not { } count)
                return new(all, [], 0);
            int[] ids = new int[all.Length];
            for (int id = 0; id < ids.Length; id++)
                ids[id] = id;
            // Ties go to the lower id.
            Array.Sort(ids, (a, b) => all[b].CompareTo(all[a]) is not 0 and var order ? order : a.CompareTo(b));
            return new([], [.. ids.Take(count).Select(id => (id, all[id]))], DecoderProbe.LogSumExp(all));
        }
    }
}
