using System.Diagnostics;
using Impetus.Engine.Backends;
using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine;

/// <summary>Medians over the steps of one loop that writes an answer, one token a step.</summary>
/// <param name="StepMicroseconds">From one token to the next.</param>
/// <param name="LayOutMicroseconds">Of these, what the host takes to lay out a step.</param>
/// <param name="AllocatedBytes">What a step allocates of .NET's memory, on average.</param>
public sealed record LoopTimes(double StepMicroseconds, double LayOutMicroseconds, double AllocatedBytes);

/// <summary>
/// Our loop against a bare one: the same model, the same library, the same tokens, once through scheduler rows, batches, scopes and
/// tensors, once through raw calls into C.
/// </summary>
/// <param name="Steps">Measured steps of each loop.</param>
/// <param name="Operations">Calls into the library that the bare loop makes for a step.</param>
/// <param name="Ours">Our loop.</param>
/// <param name="Bare">The bare one.</param>
public sealed record LoopComparison(int Steps, int Operations, LoopTimes Ours, LoopTimes Bare)
{
    /// <summary>How much longer our step takes, as a factor: 1 is the goal.</summary>
    public double Ratio => Ours.StepMicroseconds / Bare.StepMicroseconds;

    /// <summary>What our step takes more of the host.</summary>
    public double OverheadMicroseconds => Ours.LayOutMicroseconds - Bare.LayOutMicroseconds;

    /// <summary>Measures a model's folder. Null where the backend has no bare loop, or the model is no plain Llama.</summary>
    /// <param name="folder">With weights and <c>config.json</c>.</param>
    /// <param name="engine">Where it is measured; nothing else should run there.</param>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="answer">Tokens of the answer, at least 2.</param>
    /// <param name="rounds">How often each loop writes the answer; they take turns.</param>
    /// <exception cref="CheckpointException">The folder cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The two loops wrote different answers.</exception>
    public static Task<LoopComparison?> MeasureAsync(string folder, InferenceEngine engine, int prompt, int answer, int rounds) => engine.Thread.InvokeAsync(() =>
    {
        var config = ConfigReader.OpenFolder(folder);
        if (config.Text("model_type") != "llama" || LlamaConfig.Read(config) is not { Rope: { Interleaved: false, Magnitude: 1 }, Activation: Activation.Silu } sizes)
            return null;
        using var checkpoint = Checkpoint.Open(folder, config);
        int capacity = (prompt + answer + 255) / 256 * 256;
        var bare = new BareLlama(
            sizes.Layers, sizes.Heads, sizes.KeyHeads, sizes.HeadWidth, sizes.NormEpsilon,
            [.. sizes.Rope.InverseFrequencies.Select(frequency => 1 / frequency)], sizes.TiedHead, capacity);
        int[] ids = [.. Enumerable.Range(0, prompt).Select(i => (i * 37) % Math.Min(sizes.VocabularySize, 1000))];
        if (!BackendFactory.HasBareLoop(engine.Backend))
            return null;
        using var decoder = Architectures.Load(config, new ModelWeights(checkpoint, engine.Backend));
        var (ours, theirs) = (new Clock(), new Clock());
        int operations = 0;
        for (int round = 0; round <= rounds; round++)
        {
            // The first round warms up.
            bool counts = round > 0;
            int[] mine = RunOurs(engine.Backend, decoder, ids, answer, counts ? ours : new Clock());
            using var loop = BackendFactory.CreateBareLoop(engine.Backend, bare, checkpoint);
            int[] plain = RunBare(loop, ids, answer, counts ? theirs : new Clock());
            operations = loop.Operations;
            if (!mine.AsSpan().SequenceEqual(plain))
                throw new InvalidOperationException("The two loops wrote different answers, so their times cannot be compared.");
        }

        return new LoopComparison(rounds * (answer - 1), operations, ours.Times, theirs.Times);
    });

    private static int[] RunOurs(IBackend backend, IDecoder decoder, int[] prompt, int answer, Clock clock)
    {
        var request = new GenerationRequest { Prompt = prompt, MaxTokens = answer, Sampling = new SamplingOptions { Temperature = 0 } };
        var job = new GenerationJob(request, answer + 1, new HashSet<int>(), null, TimeProvider.System);
        var choice = (Choice)job.Sequences[0];
        using var cache = backend.CreateCache(decoder.Layers);
        choice.Attach(new SequenceMemory(cache), 0);
        var runner = new StepRunner(backend, decoder);
        var step = runner.Begin([new PlannedRow(choice, prompt.Length)]);
        clock.Start();
        for (int i = 1; i < answer; i++)
        {
            var next = clock.LayOut(() => runner.Follow(step));
            runner.Read(step);
            runner.Start(next);
            choice.Computed += step.Rows[0].Count;
            choice.Accept(step.Token(0), null);
            runner.Drop(step);
            step = next;
            clock.Tick();
        }

        clock.Stop();
        runner.Read(step);
        choice.Accept(step.Token(0), null);
        runner.Drop(step);
        return choice.Tokens[prompt.Length..].ToArray();
    }

    private static int[] RunBare(IBareLoop loop, int[] prompt, int answer, Clock clock)
    {
        int[] tokens = new int[answer];
        loop.Begin(prompt);
        clock.Start();
        for (int i = 1; i < answer; i++)
        {
            clock.LayOut(() =>
            {
                loop.Follow();
                return true;
            });
            tokens[i - 1] = loop.Read();
            loop.Start();
            clock.Tick();
        }

        clock.Stop();
        tokens[^1] = loop.Read();
        return tokens;
    }

    /// <summary>Times steps and their first part.</summary>
    private sealed class Clock
    {
        private readonly List<double> _steps = [], _layOuts = [];
        private long _last, _allocated, _allocatedThen;

        public LoopTimes Times => new(Median(_steps), Median(_layOuts), (double)_allocated / Math.Max(1, _steps.Count));

        public void Start()
        {
            _steps.EnsureCapacity(_steps.Count + 4096);
            _layOuts.EnsureCapacity(_layOuts.Count + 4096);
            _allocatedThen = GC.GetAllocatedBytesForCurrentThread();
            _last = Stopwatch.GetTimestamp();
        }

        public T LayOut<T>(Func<T> work)
        {
            long start = Stopwatch.GetTimestamp();
            var result = work();
            _layOuts.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            return result;
        }

        public void Tick()
        {
            long now = Stopwatch.GetTimestamp();
            _steps.Add(Stopwatch.GetElapsedTime(_last, now).TotalMicroseconds);
            _last = now;
        }

        public void Stop() => _allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedThen;

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
