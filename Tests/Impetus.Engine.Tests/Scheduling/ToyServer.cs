using System.Text;
using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>A toy model served by a real scheduler on a real engine thread, for the length of a test.</summary>
internal sealed class ToyServer : IAsyncDisposable
{
    private readonly EngineThread _engine = new();

    public ToyServer(ToyDecoder decoder, SchedulerOptions? options = null, bool runsAhead = false)
    {
        Decoder = decoder;
        Backend = new ToyBackend(runsAhead);
        options = (options ?? new SchedulerOptions()) with { BytesPerToken = ToyBackend.BytesPerToken };
        Scheduler = new DecoderScheduler(_engine, Backend, decoder, ByteTokenizer.Instance, new HashSet<int> { ToyDecoder.End }, options);
    }

    public ToyBackend Backend { get; }

    public ToyDecoder Decoder { get; }

    public DecoderScheduler Scheduler { get; }

    public SchedulerCounters Counters => Scheduler.Counters;

    public static GenerationRequest Request(string prompt, int? maxTokens = 16, ulong seed = 1) => new()
    {
        Prompt = [.. Encoding.UTF8.GetBytes(prompt).Select(b => (int)b)],
        MaxTokens = maxTokens,
        Sampling = new SamplingOptions { Seed = seed },
    };

    public async Task<Answer> AskAsync(GenerationRequest request, CancellationToken cancel = default)
    {
        var events = new List<GenerationEvent>();
        await foreach (var next in Scheduler.GenerateAsync(request, cancel))
            events.Add(next);
        return new Answer(events);
    }

    /// <summary>Keeps the engine from stepping until the result is disposed, so that requests arrive together.</summary>
    public IDisposable Hold()
    {
        var gate = new ManualResetEventSlim();
        _ = _engine.InvokeAsync(gate.Wait);
        return new Gate(gate);
    }

    /// <summary>Runs something between two steps.</summary>
    public Task OnEngineAsync(Action action) => _engine.InvokeAsync(action);

    /// <summary>Completes when a condition holds, which is looked at between steps.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        bool holds = false;
        while (!holds)
        {
            await OnEngineAsync(() => holds = condition());
            await Task.Yield();
        }
    }

    /// <summary>Nothing runs or waits, and what lives is what the prefix cache keeps; nothing once that is cleared.</summary>
    public async Task AssertIdleAsync()
    {
        await UntilAsync(() => !Scheduler.HasWork);
        Assert.Equal((0, 0), (Counters.Running, Counters.Waiting));
        Assert.Equal(Counters.PrefixEntries, Backend.LiveCaches);
        await Scheduler.TrimPrefixCacheAsync();
        Assert.Equal((0, 0), (Backend.LiveCaches, Backend.LiveTokens));
    }

    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync();
        _engine.Dispose();
        Assert.Equal((0, 0), (Backend.LiveCaches, Backend.LiveTokens));
    }

    private sealed class Gate(ManualResetEventSlim gate) : IDisposable
    {
        public void Dispose() => gate.Set();
    }
}

/// <summary>All that a request was told.</summary>
internal sealed record Answer(IReadOnlyList<GenerationEvent> Events)
{
    public GenerationUsage Usage => Assert.IsType<RequestDone>(Events[^1]).Usage;

    public string Text(int choice = 0) => string.Concat(Deltas(choice).Select(delta => delta.Text));

    public int[] Tokens(int choice = 0) => [.. Deltas(choice).SelectMany(delta => delta.Tokens)];

    public IEnumerable<TextDelta> Deltas(int choice = 0) => Events.OfType<TextDelta>().Where(delta => delta.Choice == choice);

    public ChoiceDone Done(int choice = 0) => Events.OfType<ChoiceDone>().Single(done => done.Choice == choice);
}
