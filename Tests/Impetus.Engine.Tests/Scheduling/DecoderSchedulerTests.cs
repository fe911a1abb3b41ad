using System.Text;
using CsCheck;
using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>Answers, batches and counters, on a toy model whose text depends on every token before.</summary>
public sealed class DecoderSchedulerTests
{
    [Fact]
    public async Task Events_come_in_order_and_usage_counts_real_tokens()
    {
        await using var server = new ToyServer(ToyDecoder.Reciting("Hi"u8.ToArray(), 5), new SchedulerOptions { PrefillChunk = 2 });
        var answer = await server.AskAsync(ToyServer.Request("Hello"));

        Assert.Collection(
            answer.Events,
            next => Assert.Equal(new PrefillProgress(2, 5), next),
            next => Assert.Equal(new PrefillProgress(4, 5), next),
            next => Assert.Equal(new PrefillProgress(5, 5), next),
            next => Assert.Empty(Assert.IsType<PromptDone>(next).Logprobs),
            next => Assert.Equal("H", Assert.IsType<TextDelta>(next).Text),
            next => Assert.Equal("i", Assert.IsType<TextDelta>(next).Text),
            next => Assert.Equal(new ChoiceDone(0, FinishReason.Stop), next),
            next => Assert.IsType<RequestDone>(next));
        Assert.Equal((5, 0, 3), (answer.Usage.PromptTokens, answer.Usage.CachedTokens, answer.Usage.CompletionTokens));
        Assert.Equal((5, 3), (server.Counters.Steps, server.Counters.ChosenTokens));
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task Eight_streams_of_64_tokens_take_at_most_80_steps()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var answers = await AskTogetherAsync(server, Enumerable.Range(0, 8).Select(i => ToyServer.Request($"stream {i}", 64)));
        Assert.All(answers, answer => Assert.Equal(64, answer.Usage.CompletionTokens));
        Assert.InRange(server.Counters.Steps, 64, 80);
    }

    [Fact]
    public async Task Several_answers_share_one_prefill()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        string prompt = new('p', 100);
        var answer = await server.AskAsync(ToyServer.Request(prompt, 10) with { Choices = 3 });

        Assert.Equal(100 + 3 * 9, server.Counters.ComputedTokens);
        Assert.Equal(30, answer.Usage.CompletionTokens);
        Assert.Equal(3, Enumerable.Range(0, 3).Select(answer.Text).Distinct().Count());
        Assert.Equal(await TextAloneAsync(ToyServer.Request(prompt, 10)), answer.Text(0));
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_prefix_hit_computes_only_the_rest()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var first = await server.AskAsync(ToyServer.Request("The same beginning. And this.", 8));
        long before = server.Counters.ComputedTokens;
        var again = await server.AskAsync(ToyServer.Request("The same beginning. Or that!", 8));

        Assert.Equal((0, 20), (first.Usage.CachedTokens, again.Usage.CachedTokens));
        Assert.Equal(28 - 20 + 7, server.Counters.ComputedTokens - before);
        Assert.Equal((1, 20), (server.Counters.PrefixHits, server.Counters.PrefixTokens));
        Assert.Equal(await TextAloneAsync(ToyServer.Request("The same beginning. Or that!", 8)), again.Text());
    }

    [Fact]
    public async Task The_next_turn_of_a_conversation_finds_prompt_and_answer()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var first = await server.AskAsync(ToyServer.Request("Question one?", 12));
        var second = await server.AskAsync(ToyServer.Request("Question one?" + first.Text() + "Question two?", 12));
        Assert.Equal(13 + 11, second.Usage.CachedTokens);
    }

    [Fact]
    public async Task A_prompt_that_is_known_wholly_still_computes_its_last_token()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var first = await server.AskAsync(ToyServer.Request("again", 8));
        var second = await server.AskAsync(ToyServer.Request("again", 8));
        Assert.Equal(4, second.Usage.CachedTokens);
        Assert.Equal(first.Text(), second.Text());
    }

    [Fact]
    public async Task A_running_sequence_lends_its_prefix_too()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        using var cancel = new CancellationTokenSource();
        var running = server.AskAsync(ToyServer.Request("A long common beginning, first", null), cancel.Token);
        await server.UntilAsync(() => server.Counters.ChosenTokens > 3);
        var second = await server.AskAsync(ToyServer.Request("A long common beginning, second", 8));
        Assert.Equal(25, second.Usage.CachedTokens);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task A_prefix_cache_of_no_bytes_keeps_nothing()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { PrefixCacheBytes = 0 });
        await server.AskAsync(ToyServer.Request("nothing stays"));
        var again = await server.AskAsync(ToyServer.Request("nothing stays"));
        Assert.Equal(0, again.Usage.CachedTokens);
        Assert.Equal(0, server.Backend.LiveCaches);
    }

    [Fact]
    public async Task Finished_sequences_take_no_more_than_the_prefix_cache_may()
    {
        const int Tokens = 100;
        await using var server = new ToyServer(
            ToyDecoder.Babbling(), new SchedulerOptions { PrefixCacheBytes = Tokens * ToyBackend.BytesPerToken });
        for (int i = 0; i < 20; i++)
        {
            await server.AskAsync(ToyServer.Request($"{i} is another beginning", 8));
            await server.Scheduler.TrimPrefixCacheAsync(Tokens * ToyBackend.BytesPerToken);
            Assert.InRange(server.Backend.LiveTokens, 1, Tokens);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task The_same_seed_gives_the_same_text_alone_and_in_any_batch(int chunk)
    {
        var requests = Enumerable.Range(0, 12).Select(i => Vary(i)).ToList();
        var alone = new List<Answer>();
        foreach (var request in requests)
        {
            await using var lone = new ToyServer(ToyDecoder.Babbling());
            alone.Add(await lone.AskAsync(request));
        }

        await using var server = new ToyServer(
            ToyDecoder.Babbling(), new SchedulerOptions { PrefillChunk = chunk, MaxSequences = 8, StepTokens = 20 });
        var together = await AskTogetherAsync(server, requests);
        foreach (var (expected, actual) in alone.Zip(together))
        {
            for (int choice = 0; choice < expected.Events.OfType<ChoiceDone>().Count(); choice++)
            {
                Assert.Equal(expected.Text(choice), actual.Text(choice));
                Assert.Equal(expected.Done(choice), actual.Done(choice));
            }
        }

        await server.AssertIdleAsync();
    }

    [Fact]
    public async Task Requests_without_a_seed_differ()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var request = ToyServer.Request("surprise me", 20) with { Sampling = new SamplingOptions() };
        Assert.NotEqual((await server.AskAsync(request)).Text(), (await server.AskAsync(request)).Text());
    }

    [Fact]
    public async Task A_short_request_is_answered_while_a_long_prompt_is_still_read()
    {
        await using var server = new ToyServer(
            ToyDecoder.Babbling(), new SchedulerOptions { PrefillChunk = 32, StepTokens = 32, MaxSequences = 8 });
        Task[] answers;
        using (server.Hold())
            answers = [server.AskAsync(ToyServer.Request(new string('l', 3000), 1)), server.AskAsync(ToyServer.Request(new string('s', 10), 8))];
        await Task.WhenAll(answers);
        // The short answer ends in steps of one token, if it is alone; the long one with a piece of its prompt.
        Assert.NotEqual(1, server.Backend.StepSizes[^1]);
        Assert.All(server.Backend.StepSizes, size => Assert.InRange(size, 1, 32));
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_however_its_bytes_fall() => await Gen.Select(
        Gen.String[Gen.Char["abé"], 1, 12], Gen.String[Gen.Char["abé"], 1, 3].Array[1, 3])
        .SampleAsync(async (text, stops) =>
        {
            await using var server = new ToyServer(ToyDecoder.Reciting(Encoding.UTF8.GetBytes(text), 1));
            var answer = await server.AskAsync(ToyServer.Request("?", 100) with { Stop = stops });

            var first = Enumerable.Range(1, text.Length).Select(end => stops
                .Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal))
                .Select(stop => (Shown: text[..(end - stop.Length)], Stop: stop))
                .OrderByDescending(found => found.Stop.Length).FirstOrDefault()).FirstOrDefault(found => found.Stop is not null);
            Assert.Equal(first.Shown ?? text, answer.Text());
            Assert.Equal(first.Stop, answer.Done().StopText);
            Assert.Equal(FinishReason.Stop, answer.Done().Reason);
        }, iter: 150);

    [Fact]
    public async Task An_end_token_can_be_told_not_to_end_the_answer()
    {
        await using var server = new ToyServer(ToyDecoder.Reciting("x"u8.ToArray(), 1));
        var answer = await server.AskAsync(ToyServer.Request("?", 4) with { StopAtEndOfSequence = false });
        Assert.Equal(['x', ToyDecoder.End, ToyDecoder.End, ToyDecoder.End], answer.Tokens());
        Assert.Equal(("x", FinishReason.Length), (answer.Text(), answer.Done().Reason));

        var shown = await server.AskAsync(ToyServer.Request("?", 2) with { StopAtEndOfSequence = false, ShowSpecialTokens = true });
        Assert.Equal("x<end>", shown.Text());
    }

    [Fact]
    public async Task Log_probabilities_come_with_each_token()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        var request = ToyServer.Request("logprobs", 6) with { TopLogprobs = 3 };
        var answer = await server.AskAsync(request);
        Assert.All(answer.Deltas(), delta =>
        {
            var logprob = Assert.Single(delta.Logprobs);
            Assert.Equal(Assert.Single(delta.Tokens), logprob.Token);
            Assert.InRange(logprob.Logprob!.Value, -8, 0);
            Assert.Equal(3, logprob.Top.Count);
            Assert.True(logprob.Top[0].Logprob >= logprob.Logprob);
        });
        Assert.Equal(await TextAloneAsync(request with { TopLogprobs = null }), answer.Text());
    }

    [Fact]
    public async Task The_prompt_s_log_probabilities_are_computed_even_if_it_is_cached()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { PrefillChunk = 7 });
        var request = ToyServer.Request(new string('Q', 100), 0) with { PromptLogprobs = true, TopLogprobs = 2 };
        await server.AskAsync(ToyServer.Request(new string('Q', 100)));
        var answer = await server.AskAsync(request);

        var logprobs = answer.Events.OfType<PromptDone>().Single().Logprobs;
        Assert.Equal(request.Prompt, logprobs.Select(l => l.Token));
        Assert.Null(logprobs[0].Logprob);
        Assert.All(logprobs.Skip(1), l => Assert.True(l.Logprob < -20 && l.Top.Count == 2));
        Assert.Equal((0, 0), (answer.Usage.CachedTokens, answer.Usage.CompletionTokens));
        Assert.Equal(FinishReason.Length, answer.Done().Reason);
    }

    [Fact]
    public async Task Only_rows_that_choose_a_token_compute_logits()
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions { PrefillChunk = 10 });
        await server.AskAsync(ToyServer.Request(new string('x', 95), 5));
        Assert.Equal(5, server.Decoder.LogitRows);
        Assert.Equal(5, server.Backend.Counters.HostReads);
    }

    private static GenerationRequest Vary(int i) => ToyServer.Request(new string((char)('a' + i % 3), 1 + i * 7), 5 + i, (ulong)i) with
    {
        Choices = 1 + i % 2,
        Stop = i % 3 == 0 ? ["e", "xy"] : [],
        TopLogprobs = i % 4 == 0 ? 2 : null,
        Sampling = (i % 4) switch
        {
            0 => new SamplingOptions { Seed = (ulong)i, FrequencyPenalty = 0.5f },
            1 => new SamplingOptions { Seed = (ulong)i, TopP = 0.8f, TopK = 10 },
            2 => new SamplingOptions { Temperature = 0 },
            _ => new SamplingOptions { Seed = (ulong)i, MinP = 0.1f, Temperature = 1.3f, RepetitionPenalty = 1.2f },
        },
    };

    private static async Task<string> TextAloneAsync(GenerationRequest request)
    {
        await using var server = new ToyServer(ToyDecoder.Babbling());
        return (await server.AskAsync(request)).Text();
    }

    private static async Task<Answer[]> AskTogetherAsync(ToyServer server, IEnumerable<GenerationRequest> requests)
    {
        Task<Answer>[] asked;
        using (server.Hold())
            asked = [.. requests.Select(request => server.AskAsync(request))];
        return await Task.WhenAll(asked);
    }
}
