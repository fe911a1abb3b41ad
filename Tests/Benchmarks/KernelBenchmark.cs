using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;
using Impetus.Tests;

namespace Impetus.Benchmarks;

/// <summary>
/// How fast the CPU backend is: products in GB/s (one row) and GFLOP/s (many rows), and the starter model's prefill and decode
/// in tokens a second, with load time and memory. Each figure is the best of several runs.
/// </summary>
internal static unsafe class KernelBenchmark
{
    public static void Run(string[] args)
    {
        var options = new CpuOptions
        {
            Threads = int.Parse(Option(args, "--threads") ?? "0", CultureInfo.InvariantCulture),
            Precision = args.Contains("--fast") ? Precision.Fast : Precision.Exact,
            Vectors = Enum.Parse<VectorWidth>(Option(args, "--vectors") ?? nameof(VectorWidth.Bits512)),
        };
        using var backend = new CpuBackend(options);
        Console.WriteLine($"{backend.Threads} threads, {options.Vectors}, {options.Precision}");
        Model(backend);
        Parts(backend, 1);
        Parts(backend, 512);
        foreach (var (format, type) in new (Quantization?, DType)[]
        {
            (new Quantization(32, 4), DType.F16), (new Quantization(64, 8), DType.F16), (new Quantization(64, 3), DType.F16),
            (null, DType.F32), (null, DType.BF16), (null, DType.F16),
        })
        {
            Products(backend, format, type);
        }
    }

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    private static void Products(CpuBackend backend, Quantization? format, DType type)
    {
        const int In = 2048, Out = 8192;
        using var weight = Random(backend, In, Out, format, type);
        var one = Input(backend, 1, In);
        var many = Input(backend, 512, In);
        var seconds = Best(20, () => Project(backend, one, weight));
        var manySeconds = Best(3, () => Project(backend, many, weight));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{format?.ToString() ?? "dense"} {type}: 1 row {weight.Bytes / seconds / 1e9:F1} GB/s, {2.0 * In * Out / seconds / 1e9:F0} GFLOP/s; 512 rows {2.0 * 512 * In * Out / manySeconds / 1e9:F0} GFLOP/s"));
    }

    private static void Model(CpuBackend backend)
    {
        var clock = Stopwatch.StartNew();
        var folder = Fixture.Model("SmolLM2-135M-Instruct");
        IDecoder model;
        var config = ConfigReader.OpenFolder(folder);
        using (var checkpoint = Checkpoint.Open(folder, config))
            model = Architectures.Load(config, new ModelWeights(checkpoint, backend));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load {clock.Elapsed.TotalMilliseconds:F0} ms, {backend.ActiveBytes / 1e6:F0} MB active"));

        clock.Restart();
        using (var cache = backend.CreateCache(model.Layers))
            Step(backend, model, cache, [1, 2, 3]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first step {clock.Elapsed.TotalMilliseconds:F0} ms"));

        for (var run = 0; run < 4; run++)
        {
            using var cache = backend.CreateCache(model.Layers);
            var token = 0;
            var (prefill, prefillWork) = Time(() => token = Step(backend, model, cache, [.. Enumerable.Range(0, 512).Select(i => 1000 + (i * 7 % 40000))]));
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var (decode, decodeWork) = Time(() =>
            {
                for (var i = 0; i < 64; i++)
                    token = Step(backend, model, cache, [token]);
            });
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"prefill of 512: {512 / prefill:F0} tok/s, {1e3 * prefillWork / 512:F2} ms of processor a token; decode at 512..576: {64 / decode:F1} tok/s, {1e3 * decodeWork / 64:F2} ms of processor and {(GC.GetAllocatedBytesForCurrentThread() - allocated) / 64} B a token"));
        }

        model.Dispose();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident {Environment.WorkingSet / 1e6:F0} MB"));
    }

    /// <summary>
    /// What the products of a step take, by part: of a model of the starter's shape, so that no matrix is still in a cache when it
    /// is needed again. What is missing to a whole step is attention, norms, and the way from one operation to the next.
    /// </summary>
    private static void Parts(CpuBackend backend, int rows)
    {
        const int Layers = 30, Width = 576, KeyWidth = 192, Hidden = 1536, Vocabulary = 49152;
        LinearWeight[] Matrices(int inFeatures, int outFeatures) =>
            [.. Enumerable.Range(0, Layers).Select(_ => Random(backend, inFeatures, outFeatures, new Quantization(32, 4), DType.BF16))];
        var (query, key, value, output) = (Matrices(Width, Width), Matrices(Width, KeyWidth), Matrices(Width, KeyWidth), Matrices(Width, Width));
        var (gate, up, down) = (Matrices(Width, Hidden), Matrices(Width, Hidden), Matrices(Hidden, Width));
        var head = Random(backend, Width, Vocabulary, new Quantization(32, 8), DType.BF16);
        var (x, hidden, last) = (Input(backend, rows, Width), Input(backend, rows, Hidden), Input(backend, 1, Width));
        var seconds = new double[4];
        for (var run = 0; run < 20; run++)
        {
            using var scope = backend.Scope();
            var clock = Stopwatch.StartNew();
            for (var layer = 0; layer < Layers; layer++)
            {
                backend.Project(x, query[layer], key[layer], value[layer]);
                backend.Project(x, output[layer]);
            }

            Keep(0);
            for (var layer = 0; layer < Layers; layer++)
                backend.GatedProject(x, gate[layer], up[layer], Activation.Silu);
            Keep(1);
            for (var layer = 0; layer < Layers; layer++)
                backend.Project(hidden, down[layer]);
            Keep(2);
            backend.Project(last, head);
            Keep(3);

            void Keep(int part)
            {
                seconds[part] = run == 0 ? double.MaxValue : Math.Min(seconds[part], clock.Elapsed.TotalSeconds);
                clock.Restart();
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows} rows through all layers: q, k, v and o {1e3 * seconds[0]:F2} ms, gate and up {1e3 * seconds[1]:F2} ms, down {1e3 * seconds[2]:F2} ms; head of one row {1e3 * seconds[3]:F2} ms"));
        foreach (var weight in (LinearWeight[])[.. query, .. key, .. value, .. output, .. gate, .. up, .. down, head])
            weight.Dispose();
    }

    private static int Step(CpuBackend backend, IDecoder model, SequenceCache cache, int[] tokens)
    {
        using var scope = backend.Scope();
        using var batch = backend.Begin([new BatchRow(tokens.Length, cache)], tokens);
        var logits = model.Forward(batch)!;
        var chosen = backend.Sample(logits, [new SampleRow(0, 0, 1, 0, 0)]);
        Span<int> ids = stackalloc int[1];
        backend.Read(chosen, ids);
        batch.Complete();
        return ids[0];
    }

    private static void Project(CpuBackend backend, Tensor x, LinearWeight weight)
    {
        using var scope = backend.Scope();
        backend.Project(x, weight);
    }

    /// <summary>Seconds that passed, and seconds of processor that all threads took: on a busy machine they differ.</summary>
    private static (double Wall, double Processor) Time(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        action();
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - processor).TotalSeconds);
    }

    private static double Best(int runs, Action action)
    {
        action();
        var best = double.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static Tensor Input(CpuBackend backend, int rows, int width)
    {
        var numbers = new float[rows * width];
        var random = new Random(1);
        foreach (ref var number in numbers.AsSpan())
            number = random.NextSingle() - 0.5f;
        fixed (float* data = numbers)
            return backend.LoadTensor(new StoredTensor("x", DType.F32, [rows, width], (byte*)data, numbers.Length * sizeof(float)));
    }

    private static LinearWeight Random(CpuBackend backend, int inFeatures, int outFeatures, Quantization? format, DType type)
    {
        var bytes = format is { } f ? (long)inFeatures * outFeatures * f.Bits / 8 : (long)inFeatures * outFeatures * type.Size();
        var groups = format is { } g ? (long)inFeatures / g.GroupSize * outFeatures : 0;
        var data = (byte*)NativeMemory.AllocZeroed((nuint)(bytes + (groups * type.Size())));
        try
        {
            if (format is not { } quantization)
                return backend.LoadLinear(new StoredLinear(new StoredTensor("w", type, [outFeatures, inFeatures], data, bytes)));
            var scales = new StoredTensor("s", type, [outFeatures, inFeatures / quantization.GroupSize], data + bytes, groups * type.Size());
            var words = new StoredTensor("w", DType.U32, [outFeatures, inFeatures * quantization.Bits / 32], data, bytes);
            return backend.LoadLinear(new StoredLinear(words, scales, scales, null, quantization));
        }
        finally
        {
            NativeMemory.Free(data);
        }
    }
}
