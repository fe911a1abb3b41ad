using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>Two models that share what caches may take.</summary>
public sealed class CacheLedgerTests
{
    private const int Together = 400;

    private readonly CacheLedger _ledger = new() { Bytes = Together * ToyBackend.BytesPerToken };

    [Fact]
    public async Task What_one_model_keeps_another_does_not_count_on()
    {
        await using var first = Server(new SchedulerOptions { PrefixCacheBytes = 100 * ToyBackend.BytesPerToken });
        await using var second = Server(new SchedulerOptions { PrefixCacheBytes = 0 });
        await first.AskAsync(ToyServer.Request(new string('a', 80), 10));
        await first.UntilAsync(() => !first.Scheduler.HasWork);
        int kept = first.Backend.LiveTokens;
        Assert.InRange(kept, 80, 100);
        Assert.Equal(kept * ToyBackend.BytesPerToken, _ledger.HeldBytes);

        await AskManyAsync(second);
        // A step may add one token to each sequence before the youngest makes way.
        Assert.InRange(second.Backend.MostLiveTokens, 1, Together - kept + 6);
        Assert.True(second.Counters.Preemptions > 0);
    }

    [Fact]
    public async Task What_a_model_gives_back_another_may_take()
    {
        await using var first = Server();
        await using var second = Server(new SchedulerOptions { PrefixCacheBytes = 0 });
        await first.AskAsync(ToyServer.Request(new string('a', 80), 10));
        await first.Scheduler.TrimPrefixCacheAsync();
        Assert.Equal(0, _ledger.HeldBytes);
        await AskManyAsync(second);
        Assert.InRange(second.Backend.MostLiveTokens, Together * 3 / 4, Together + 6);
        Assert.Equal(0, _ledger.HeldBytes);
    }

    [Fact]
    public async Task Prompts_that_are_done_with_keep_a_quarter_at_most()
    {
        await using var server = Server();
        for (int i = 0; i < 8; i++)
            await server.AskAsync(ToyServer.Request(new string((char)('a' + i), 50), 10));
        await server.UntilAsync(() => !server.Scheduler.HasWork);
        await server.AskAsync(ToyServer.Request("z", 1));
        Assert.InRange(server.Backend.LiveTokens, 1, Together / 4 + 2);
    }

    [Fact]
    public async Task What_is_set_aside_may_change_while_a_model_is_loaded()
    {
        await using var server = Server();
        var request = ToyServer.Request(new string('x', 150), 30);
        _ledger.Bytes = 100 * ToyBackend.BytesPerToken;
        var error = await Assert.ThrowsAsync<GenerationException>(() => server.AskAsync(request));
        Assert.Equal(GenerationFault.OutOfMemory, error.Fault);
        Assert.Contains("for 180 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("set aside for 100", error.Message, StringComparison.Ordinal);
        _ledger.Bytes = 200 * ToyBackend.BytesPerToken;
        Assert.Equal(30, (await server.AskAsync(request)).Usage.CompletionTokens);
    }

    [Fact]
    public void A_scheduler_whose_capacity_shrinks_sends_the_youngest_back()
    {
        var scheduler = new Scheduler(new SchedulerOptions(), capacity: 300);
        foreach (int prompt in (int[])[100, 90])
        {
            var group = new SequenceGroup(prompt);
            group.Add(new Sequence(group));
            scheduler.Enqueue(group);
            Assert.True(scheduler.TryAdmit(group, shared: 0));
        }

        Assert.Null(scheduler.Outgrown);
        scheduler.Capacity = 150;
        Assert.Equal(90, scheduler.Outgrown?.PromptLength);
    }

    // Six of 60 tokens of prompt and 40 of answer: more than there is room for at once.
    private static async Task AskManyAsync(ToyServer server)
    {
        List<Task<Answer>> answers;
        using (server.Hold())
            answers = [.. Enumerable.Range(0, 6).Select(i => server.AskAsync(ToyServer.Request(new string((char)('a' + i), 60), 40, (ulong)i)))];
        foreach (var answer in await Task.WhenAll(answers))
            Assert.Equal(40, answer.Usage.CompletionTokens);
        await server.UntilAsync(() => !server.Scheduler.HasWork);
    }

    private ToyServer Server(SchedulerOptions? options = null) => new(ToyDecoder.Babbling(), (options ?? new SchedulerOptions()) with { Ledger = _ledger });
}
