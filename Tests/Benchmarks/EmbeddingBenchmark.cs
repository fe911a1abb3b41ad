using System.Diagnostics;
using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Embedding;
using Impetus.Tests;

namespace Impetus.Benchmarks;

/// <summary>
/// The starter embedding model beside ONNX Runtime on the same numbers, threads and token ids: texts a second by length and
/// batch, the median time of one short text, and how far the vectors are apart. They take turns of many calls, so that a busy
/// machine slows both and neither finds its weights driven out of the cache; the best of each counts. <c>--processor-time</c>
/// counts the time that the processors worked instead of the clock's: on a busy machine and with one thread that is the fairer
/// figure (with more, waiting threads that spin are counted too).
/// </summary>
internal static class EmbeddingBenchmark
{
    private const int Turns = 10;

    private static readonly int[] Lengths = [16, 64, 256];
    private static readonly int[] Batches = [1, 32, 512];

    public static async Task RunAsync(string[] args)
    {
        int threads = Option(args, "--threads", Environment.ProcessorCount);
        double seconds = Option(args, "--seconds", 3);
        int largest = Option(args, "--batch", int.MaxValue);
        Func<double> now = args.Contains("--processor-time")
            ? () => Environment.CpuUsage.TotalTime.TotalSeconds
            : () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        string folder = Fixture.Model("all-MiniLM-L6-v2");

        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Cpu, new CpuOptions { Threads = threads });
        await using var embedder = await Embedder.LoadAsync(folder, engine.Backend, engine.Thread);
        using var onnx = new OnnxBert(folder, threads);
        Console.WriteLine($"{threads} threads, f32; texts a second, special tokens included in the length");
        Console.WriteLine("length  batch   Impetus  ONNX Runtime  ratio  furthest apart");
        foreach (int length in Lengths)
        {
            foreach (int batch in Batches.Where(batch => batch <= largest))
            {
                int[][] texts = Texts(batch, length);
                long[] flat = [.. texts.SelectMany(ids => ids).Select(id => (long)id)];
                float[] ours = [], theirs = [];
                var (our, their) = await AlternateAsync(
                    seconds,
                    now,
                    async () => ours = [.. (await embedder.EmbedTokensAsync(texts)).SelectMany(text => text.Vector)],
                    () => theirs = onnx.Run(flat, length));
                float apart = ours.Zip(theirs, (a, b) => MathF.Abs(a - b)).Max();
                Console.WriteLine($"{length,6} {batch,6} {batch / our.Min(),9:0.0} {batch / their.Min(),13:0.0} {their.Min() / our.Min(),6:0.00}  {apart:0.0e+0}");
                if (batch == 1 && length == Lengths[0])
                    Console.WriteLine($"        median of one text: {Median(our) * 1000:0.00} ms and {Median(their) * 1000:0.00} ms");
            }
        }
    }

    /// <summary>Takes turns until the time is over, so that a busy machine slows both.</summary>
    private static async Task<(List<double> Ours, List<double> Theirs)> AlternateAsync(double seconds, Func<double> now, Func<Task> ours, Action theirs)
    {
        var (our, their) = (new List<double>(), new List<double>());
        var clock = Stopwatch.StartNew();
        do
        {
            await TurnAsync(our, seconds / Turns, now, ours);
            await TurnAsync(their, seconds / Turns, now, () =>
            {
                theirs();
                return Task.CompletedTask;
            });
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        return (our, their);
    }

    /// <summary>Calls for a while. The first call finds the other's data in the caches, and counts only where there is no second.</summary>
    private static async Task TurnAsync(List<double> times, double seconds, Func<double> now, Func<Task> call)
    {
        var clock = Stopwatch.StartNew();
        for (bool first = true; first || clock.Elapsed.TotalSeconds < seconds; first = false)
        {
            double start = now();
            await call();
            if (!first || clock.Elapsed.TotalSeconds >= seconds)
                times.Add(now() - start);
        }
    }

    /// <summary>Ordinary words between [CLS] and [SEP].</summary>
    private static int[][] Texts(int batch, int length)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, batch).Select(_ => (int[])[101, .. Enumerable.Range(0, length - 2).Select(_ => random.Next(1996, 29000)), 102])];
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static int Option(string[] args, string name, int otherwise)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
    }
}
