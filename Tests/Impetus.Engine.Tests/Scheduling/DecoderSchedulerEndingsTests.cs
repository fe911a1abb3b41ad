using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>Clients that leave or dawdle, models that fail, servers that stop.</summary>
public sealed class DecoderSchedulerEndingsTests
{
    [Fact]
    public async Task A_request_cancelled_in_the_queue_never_runs()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { MaxSequences = 1 });
        using var cancel = new CancellationTokenSource();
        Task<Answer> first, second;
        using (server.Hold())
        {
            first = server.AskAsync(ToyServer.Request("first", 50));
            second = server.AskAsync(ToyServer.Request("second"), cancel.Token);
            await cancel.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await first;
        Assert.Equal(5 + 49, server.Counters.ComputedTokens);
        Assert.Equal((1, 1), (server.Counters.Completed, server.Counters.Cancelled));
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_request_cancelled_while_its_prompt_is_read_ends_before_the_next_step()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { PrefillChunk = 10 });
        using var cancel = new CancellationTokenSource();
        server.Decoder.BeforeStep = () =>
        {
            if (server.Counters.Steps == 4)
                cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => server.AskAsync(ToyServer.Request(new string('x', 1000)), cancel.Token));
        await server.UntilAsync(() => !server.Scheduler.HasWork);
        Assert.Equal((5, 50), (server.Counters.Steps, server.Counters.ComputedTokens));
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_request_cancelled_while_it_is_written_ends_before_the_next_step()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        using var cancel = new CancellationTokenSource();
        server.Decoder.BeforeStep = () =>
        {
            if (server.Counters.ChosenTokens == 20)
                cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.AskAsync(ToyServer.Request("x", 1000), cancel.Token));
        await server.UntilAsync(() => !server.Scheduler.HasWork);
        Assert.Equal(21, server.Counters.ChosenTokens);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task Leaving_the_enumeration_ends_the_request()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        await foreach (var next in server.Scheduler.GenerateAsync(ToyServer.Request("x", null) with { Choices = 3 }))
        {
            if (next is TextDelta { Choice: 2 })
                break;
        }

        await server.UntilAsync(() => !server.Scheduler.HasWork);
        Assert.Equal(1, server.Counters.Cancelled);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_request_that_is_cancelled_from_the_start_is_not_submitted()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.AskAsync(ToyServer.Request("x"), new CancellationToken(true)));
        Assert.Equal(0, server.Counters.Cancelled);
    }

    [Fact]
    public async Task A_slow_reader_holds_up_nobody()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        await using var slow = server.Scheduler.GenerateAsync(ToyServer.Request("slow", 100)).GetAsyncEnumerator();
        Assert.True(await slow.MoveNextAsync());
        for (int i = 0; i < 5; i++)
            Assert.Equal(100, (await server.AskAsync(ToyServer.Request($"fast {i}", 100))).Usage.CompletionTokens);
        await server.UntilAsync(() => !server.Scheduler.HasWork);

        int tokens = 0;
        while (await slow.MoveNextAsync())
            tokens += slow.Current is TextDelta delta ? delta.Tokens.Count : 0;
        Assert.Equal(100, tokens);
    }

    [Fact]
    public async Task A_model_that_fails_ends_all_requests_with_the_reason_and_frees_their_memory()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { MaxSequences = 2 });
        await server.AskAsync(ToyServer.Request("kept before", 4));
        bool fails = true;
        server.Decoder.BeforeStep = () =>
        {
            if (fails && server.Counters.ChosenTokens > 30)
                throw new InvalidOperationException("the kernel is on fire");
        };
        var asked = Enumerable.Range(0, 5).Select(i => server.AskAsync(ToyServer.Request($"request {i}", 100))).ToList();
        foreach (var request in asked)
        {
            var error = await Assert.ThrowsAsync<GenerationException>(() => request);
            Assert.Equal(GenerationFault.EngineFault, error.Fault);
            Assert.Contains("the kernel is on fire", error.Message, StringComparison.Ordinal);
        }

        await server.UntilAsync(() => !server.Scheduler.HasWork);
        Assert.Equal((5, 0), (server.Counters.Failed, server.Backend.LiveCaches));

        fails = false;
        Assert.Equal(16, (await server.AskAsync(ToyServer.Request("request 0", 16))).Usage.CompletionTokens);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_model_that_is_unloaded_ends_all_requests_and_refuses_new_ones()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { MaxSequences = 1 });
        var asked = Enumerable.Range(0, 3).Select(i => server.AskAsync(ToyServer.Request($"request {i}", null))).ToList();
        await server.UntilAsync(() => server.Counters.ChosenTokens > 5);
        await server.Scheduler.DisposeAsync();
        asked.Add(server.AskAsync(ToyServer.Request("late")));
        foreach (var request in asked)
            Assert.Equal(GenerationFault.ShuttingDown, (await Assert.ThrowsAsync<GenerationException>(() => request)).Fault);
        Assert.Equal(0, server.Backend.LiveCaches);
    }

    [Fact]
    public async Task An_engine_that_is_stopped_leaves_nobody_waiting()
    {
        var engine = new EngineThread();
        using var backend = new ToyBackend();
        using var model = ToyDecoder.Babbling();
        var scheduler = new DecoderScheduler(engine, backend, model, null, new HashSet<int>());
        var events = scheduler.GenerateAsync(ToyServer.Request("x", null)).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        engine.Dispose();
        await Assert.ThrowsAsync<GenerationException>(async () =>
        {
            while (await events.MoveNextAsync())
            {
            }
        });
        Assert.Equal(0, backend.LiveCaches);
        await scheduler.DisposeAsync();
    }
}
