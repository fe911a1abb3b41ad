using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>What is refused, what waits, and what memory running out means.</summary>
public sealed class DecoderSchedulerLimitsTests
{
    [Theory]
    [InlineData(100, null, 100)]
    [InlineData(100, 1, 101)]
    [InlineData(60, 41, 101)]
    public async Task A_request_beyond_the_context_is_refused_with_both_numbers(int prompt, int? maxTokens, int named)
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(contextLength: 100));
        var error = await RefusedAsync(server, ToyServer.Request(new string('x', prompt), maxTokens));
        Assert.Equal(GenerationFault.ContextLengthExceeded, error.Fault);
        Assert.Contains("100", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{named}", error.Message, StringComparison.Ordinal);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task Without_a_limit_an_answer_ends_where_the_context_does()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(contextLength: 100));
        var answer = await server.AskAsync(ToyServer.Request("0123456789", null));
        Assert.Equal((90, FinishReason.Length), (answer.Usage.CompletionTokens, answer.Done().Reason));
        Assert.Equal(90, (await server.AskAsync(ToyServer.Request("0123456789", 90))).Usage.CompletionTokens);
    }

    [Fact]
    public async Task A_request_whose_cache_can_never_fit_is_refused_with_both_numbers()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), Memory(200));
        var error = await RefusedAsync(server, ToyServer.Request(new string('x', 90), 40) with { Choices = 3 });
        Assert.Equal(GenerationFault.OutOfMemory, error.Fault);
        Assert.Contains("1 MB of cache for 210 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 MB are set aside for 200", error.Message, StringComparison.Ordinal);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_window_that_fits_the_memory_lets_a_sequence_of_any_length_in()
    {
        var windowed = new ToyDecoder(_ => [100, .. new float[ToyDecoder.End]], contextLength: 2000) { Layers = [new LayerState(1, 1, 1, 8)] };
        int kept = windowed.Layers[0].MostKept(new SchedulerOptions().PrefillChunk);
        await using var unbounded = new ToyServer(ToyDecoder.Babbling(contextLength: 2000), Memory(kept));
        Assert.Equal(GenerationFault.OutOfMemory, (await RefusedAsync(unbounded, ToyServer.Request("x", 1900))).Fault);
        await using var server = new ToyServer(windowed, Memory(kept));
        Assert.Equal(1999, (await server.AskAsync(ToyServer.Request("x", null))).Usage.CompletionTokens);
    }

    [Fact]
    public async Task Without_a_limit_an_answer_ends_where_the_memory_does()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), Memory(200));
        var answer = await server.AskAsync(ToyServer.Request(new string('x', 50), null) with { Choices = 3 });
        Assert.Equal(150, answer.Usage.CompletionTokens);
        Assert.All(Enumerable.Range(0, 3), choice => Assert.Equal(FinishReason.Length, answer.Done(choice).Reason));
    }

    [Fact]
    public async Task Requests_that_outgrow_the_memory_make_way_and_still_write_the_same()
    {
        var requests = Enumerable.Range(0, 6).Select(i => ToyServer.Request($"{i} grows", 60, (ulong)i) with { Choices = 1 + i % 3 }).ToList();
        await using var roomy = new ToyServer(ToyDecoder.Babbling());
        await using var tight = new ToyServer(ToyDecoder.Babbling(), Memory(200));
        var expected = await Task.WhenAll(requests.Select(request => roomy.AskAsync(request)));
        var actual = await Task.WhenAll(requests.Select(request => tight.AskAsync(request)));

        Assert.True(tight.Counters.Preemptions > 0);
        Assert.Equal(0, roomy.Counters.Preemptions);
        foreach (var (a, b) in expected.Zip(actual))
        {
            for (int choice = 0; choice < a.Events.OfType<ChoiceDone>().Count(); choice++)
                Assert.Equal(a.Text(choice), b.Text(choice));
            Assert.Equal(a.Events.OfType<PromptDone>().Count(), b.Events.OfType<PromptDone>().Count());
        }

        // A step may add one token to each sequence before the youngest makes way.
        Assert.InRange(tight.Backend.MostLiveTokens, 1, 200 + 32);
        await tight.AssertIdleAsync();
    }

    [Fact]
    public async Task What_a_request_shares_is_its_own_once_the_other_is_freed()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), Memory(200));
        string prompt = new('x', 100);
        await server.AskAsync(ToyServer.Request(prompt, 8));
        var sharing = server.AskAsync(ToyServer.Request(prompt, null));
        await server.AskAsync(ToyServer.Request(new string('y', 60), 20));
        Assert.Equal((99, 100), ((await sharing).Usage.CachedTokens, (await sharing).Usage.CompletionTokens));
        Assert.InRange(server.Backend.MostLiveTokens, 150, 200 + 8);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_full_queue_refuses_and_says_how_long_it_is()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { QueueLimit = 2 });
        Task<Answer>[] accepted;
        using (server.Hold())
        {
            accepted = [server.AskAsync(ToyServer.Request("one")), server.AskAsync(ToyServer.Request("two"))];
            var error = await RefusedAsync(server, ToyServer.Request("three"));
            Assert.Equal(GenerationFault.QueueFull, error.Fault);
            Assert.StartsWith("2 requests", error.Message, StringComparison.Ordinal);
        }

        await Task.WhenAll(accepted);
        await server.AskAsync(ToyServer.Request("four"));
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_request_out_of_range_is_refused_before_it_waits()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var error = await Assert.ThrowsAsync<ArgumentException>(() => server.AskAsync(ToyServer.Request("") with { Prompt = [] }));
        Assert.Equal("Prompt", error.ParamName);
        Assert.False(server.Scheduler.HasWork);
    }

    [Theory]
    [InlineData(0, 1, 512, 256, 1)]
    [InlineData(32, 0, 512, 256, 1)]
    [InlineData(32, 1, 31, 256, 1)]
    [InlineData(32, 1, 512, 0, 1)]
    [InlineData(32, 1, 512, 256, 0)]
    public void Bounds_out_of_range_are_refused(int sequences, int queue, int step, int chunk, long bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchedulerOptions
        {
            MaxSequences = sequences,
            QueueLimit = queue,
            StepTokens = step,
            PrefillChunk = chunk,
            CacheBytes = bytes,
        }.Validated());

    private static SchedulerOptions Memory(int tokens) => new() { CacheBytes = tokens * ToyBackend.BytesPerToken };

    private static Task<GenerationException> RefusedAsync(ToyServer server, GenerationRequest request) =>
        Assert.ThrowsAsync<GenerationException>(() => server.AskAsync(request));
}
