using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>A backend that computes beside the host is given the next step before the host has read this one.</summary>
public sealed class RunAheadTests
{
    [Fact]
    public async Task All_steps_but_those_around_the_prompt_and_the_end_begin_on_unread_tokens()
    {
        await using var server = Serve();
        var answer = await server.AskAsync(ToyServer.Request("Once upon a time", 20));

        Assert.Equal(20, answer.Usage.CompletionTokens);
        // The prompt's step and the first after it are planned; the limit is seen before it is reached, and nothing is in vain.
        Assert.Equal((20, 18), (server.Backend.Counters.Steps, server.Backend.StepsAhead));
        Assert.Equal(20, server.Backend.Counters.HostReads);
        Assert.Equal(await TextAsync(ToyServer.Request("Once upon a time", 20)), answer.Text());
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task An_end_that_only_the_host_sees_costs_one_token_and_leaves_no_trace()
    {
        await using var server = new ToyServer(ToyDecoder.Reciting("Hello"u8.ToArray(), 1), runsAhead: true);
        var answer = await server.AskAsync(ToyServer.Request("?", 100));

        Assert.Equal(("Hello", FinishReason.Stop, 6), (answer.Text(), answer.Done().Reason, answer.Usage.CompletionTokens));
        Assert.Equal(1 + 5 + 1, server.Backend.Counters.Steps);
        Assert.Equal(6, server.Counters.Steps);
        Assert.Equal(6, server.Backend.LiveTokens);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_where_it_would_without()
    {
        var request = ToyServer.Request("stop", 200) with { Stop = ["q", "zz"] };
        await using var server = Serve();
        var answer = await server.AskAsync(request);
        await using var plain = new ToyServer(ToyDecoder.Babbling());
        var expected = await plain.AskAsync(request);

        Assert.Equal(FinishReason.Stop, expected.Done().Reason);
        Assert.Equal((expected.Text(), expected.Done()), (answer.Text(), answer.Done()));
        Assert.Equal(plain.Backend.LiveTokens, server.Backend.LiveTokens);
    }

    [Fact]
    public async Task A_client_that_leaves_costs_at_most_one_more_token()
    {
        await using var server = Serve();
        using var cancel = new CancellationTokenSource();
        long chosen = 0, steps = 0;
        server.Decoder.BeforeStep = () =>
        {
            if (server.Counters.ChosenTokens < 10 || chosen > 0)
                return;
            (chosen, steps) = (server.Counters.ChosenTokens, server.Backend.Counters.Steps);
            cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.AskAsync(ToyServer.Request("leaving", null), cancel.Token));
        await server.UntilAsync(() => !server.Scheduler.HasWork);

        // The step that was being laid out is the last; the token of the one before it is still told.
        Assert.Equal((chosen + 1, steps), (server.Counters.ChosenTokens, server.Backend.Counters.Steps));
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task Who_comes_while_others_write_waits_for_one_step_at_most()
    {
        await using var server = Serve();
        using var cancel = new CancellationTokenSource();
        var running = server.AskAsync(ToyServer.Request("writes for long", null), cancel.Token);
        await server.UntilAsync(() => server.Backend.StepsAhead > 5);
        int then;
        Task<Answer> second;
        using (server.Hold())
        {
            second = server.AskAsync(ToyServer.Request("short", 1));
            then = server.Backend.StepSizes.Count;
        }

        await second;
        Assert.InRange(server.Backend.StepSizes.FindIndex(then, size => size == "short".Length + 1) - then, 0, 2);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task Rows_that_the_host_chooses_for_are_never_run_ahead_of()
    {
        await using var server = Serve();
        var penalised = ToyServer.Request("penalty", 12) with { Sampling = new SamplingOptions { Seed = 3, FrequencyPenalty = 0.5f } };
        await server.AskAsync(penalised);
        await server.AskAsync(ToyServer.Request("logprobs", 12) with { TopLogprobs = 2 });
        Assert.Equal(0, server.Backend.StepsAhead);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(400)]
    public async Task The_same_seed_gives_the_same_text_alone_and_in_any_batch_and_memory(int memoryTokens)
    {
        var requests = Enumerable.Range(0, 12).Select(i => ToyServer.Request(new string((char)('a' + (i % 3)), 1 + (i * 5)), 5 + (i * 3), (ulong)i) with
        {
            Choices = 1 + (i % 2),
            Stop = i % 3 == 0 ? ["e", "xy"] : [],
            TopLogprobs = i % 5 == 4 ? 2 : null,
        }).ToList();
        var options = new SchedulerOptions { MaxSequences = 8, StepTokens = 20, CacheBytes = (long)memoryTokens * ToyBackend.BytesPerToken };
        await using var server = new ToyServer(ToyDecoder.Babbling(), options, runsAhead: true);
        Task<Answer>[] asked;
        using (server.Hold())
            asked = [.. requests.Select(request => server.AskAsync(request))];
        var together = await Task.WhenAll(asked);

        for (int i = 0; i < requests.Count; i++)
        {
            await using var alone = new ToyServer(ToyDecoder.Babbling());
            var expected = await alone.AskAsync(requests[i]);
            for (int choice = 0; choice < requests[i].Choices; choice++)
                Assert.Equal((expected.Text(choice), expected.Done(choice)), (together[i].Text(choice), together[i].Done(choice)));
        }

        Assert.True(server.Backend.StepsAhead > 0);
        Assert.InRange(server.Backend.MostLiveTokens, 1, memoryTokens);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_model_that_fails_while_it_runs_ahead_ends_all_requests_and_frees_their_memory()
    {
        await using var server = Serve();
        server.Decoder.BeforeStep = () =>
        {
            if (server.Backend.StepsAhead > 20)
                throw new InvalidOperationException("the device is lost");
        };
        var asked = Enumerable.Range(0, 3).Select(i => server.AskAsync(ToyServer.Request($"request {i}", null))).ToList();
        foreach (var request in asked)
            Assert.Contains("the device is lost", (await Assert.ThrowsAsync<GenerationException>(() => request)).Message, StringComparison.Ordinal);
        await server.UntilAsync(() => !server.Scheduler.HasWork);
        Assert.Equal((0, 0), (server.Backend.LiveCaches, server.Backend.LiveTokens));

        server.Decoder.BeforeStep = null;
        Assert.Equal(await TextAsync(ToyServer.Request("again", 16)), (await server.AskAsync(ToyServer.Request("again", 16))).Text());
        await server.AssertIdleAsync();
    }

    private static ToyServer Serve() => new(ToyDecoder.Babbling(), runsAhead: true);

    private static async Task<string> TextAsync(GenerationRequest request)
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        return (await server.AskAsync(request)).Text();
    }
}
