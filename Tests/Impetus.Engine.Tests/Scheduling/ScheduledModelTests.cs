using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tests.Models;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>A tiny Llama on the CPU backend, whose exact mode promises the same bits alone and beside others.</summary>
public sealed class ScheduledModelTests : IAsyncLifetime
{
    private static readonly int[] Prompt = [.. Enumerable.Range(0, 150).Select(i => (i * 37) % 90)];

    private readonly EngineThread _engine = new();
    private CpuBackend _backend = null!;
    private LoadedDecoder _model = null!;

    public async ValueTask InitializeAsync() => await _engine.InvokeAsync(() =>
    {
        _backend = new CpuBackend(new CpuOptions { Threads = 2 });
        _model = new LoadedDecoder(Fixture.Path("decoders", "llama"), _backend);
    });

    public async ValueTask DisposeAsync()
    {
        await _engine.InvokeAsync(() =>
        {
            _model.Dispose();
            _backend.Dispose();
        });
        _engine.Dispose();
    }

    [Fact]
    public async Task Greedy_text_is_the_model_s_own()
    {
        int[] expected = await _engine.InvokeAsync(() => new DecoderProbe(_model.Decoder, _backend).Greedy(Prompt, 40));
        await using var scheduler = Serve(new SchedulerOptions { PrefillChunk = 32 });
        Assert.Equal(expected, (await AskAsync(scheduler, Greedy(Prompt, 40))).Tokens());
    }

    [Fact]
    public async Task Log_probabilities_beside_others_are_bit_for_bit_those_alone()
    {
        var request = new GenerationRequest { Prompt = Prompt, MaxTokens = 40, TopLogprobs = 5, Sampling = new SamplingOptions { Seed = 7 } };
        Answer alone;
        await using (var scheduler = Serve(new SchedulerOptions()))
            alone = await AskAsync(scheduler, request);

        await using var busy = Serve(new SchedulerOptions { PrefillChunk = 13, StepTokens = 40 });
        var others = Enumerable.Range(1, 6).Select(i => AskAsync(busy, Greedy([.. Prompt.Take(20 * i)], 10 * i)));
        var together = (await Task.WhenAll([.. others, AskAsync(busy, request)]))[^1];
        var cached = await AskAsync(busy, request);

        Assert.Equal(0, alone.Usage.CachedTokens);
        Assert.Equal(149, cached.Usage.CachedTokens);
        AssertSameBits(alone, together);
        AssertSameBits(alone, cached);
    }

    [Fact]
    public async Task Device_and_host_choose_alike_on_a_real_distribution()
    {
        // A bias of nothing at all sends the choice to the host and changes no probability.
        var request = new GenerationRequest { Prompt = Prompt, MaxTokens = 60, Sampling = new SamplingOptions { Seed = 3, TopP = 0.9f, TopK = 40 } };
        await using var scheduler = Serve(new SchedulerOptions());
        var device = await AskAsync(scheduler, request);
        var host = await AskAsync(
            scheduler, request with { Sampling = request.Sampling with { LogitBias = new Dictionary<int, float> { [5] = 0 } } });
        Assert.Equal(device.Tokens(), host.Tokens());
    }

    [Fact]
    public async Task What_finished_requests_leave_behind_is_freed()
    {
        await using var scheduler = Serve(new SchedulerOptions());
        var request = Greedy(Prompt, 20) with { Choices = 3 };
        var left = new List<long>();
        for (int i = 0; i < 3; i++)
        {
            await AskAsync(scheduler, request);
            await AskAsync(scheduler, request);
            long held = await _engine.InvokeAsync(() => _backend.ActiveBytes);
            await scheduler.TrimPrefixCacheAsync();
            left.Add(await _engine.InvokeAsync(() => _backend.ActiveBytes));
            Assert.True(left[^1] < held);
        }

        // The first round also grew the backend's own scratch memory.
        Assert.Equal(0, scheduler.Counters.PrefixEntries);
        Assert.Equal(left[1], left[2]);
    }

    private DecoderScheduler Serve(SchedulerOptions options) => new(_engine, _backend, _model.Decoder, null, new HashSet<int>(), options);

    private static GenerationRequest Greedy(int[] prompt, int maxTokens) =>
        new() { Prompt = prompt, MaxTokens = maxTokens, Sampling = new SamplingOptions { Temperature = 0 } };

    private static async Task<Answer> AskAsync(DecoderScheduler scheduler, GenerationRequest request)
    {
        var events = new List<GenerationEvent>();
        await foreach (var next in scheduler.GenerateAsync(request))
            events.Add(next);
        return new Answer(events);
    }

    private static void AssertSameBits(Answer expected, Answer actual)
    {
        Assert.Equal(expected.Tokens(), actual.Tokens());
        foreach (var (a, b) in expected.Deltas().Zip(actual.Deltas()))
        {
            Assert.Equal(a.Logprobs[0].Logprob, b.Logprobs[0].Logprob);
            Assert.Equal(a.Logprobs[0].Top, b.Logprobs[0].Top);
        }
    }
}
