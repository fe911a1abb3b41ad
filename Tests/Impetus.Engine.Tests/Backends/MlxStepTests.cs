using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tests.Scheduling;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Tests.Backends;

/// <summary>How steps go through MLX: what is evaluated, what is read, what is copied.</summary>
public sealed class MlxStepTests
{
    private static readonly string Folder = Fixture.Path("decoders", "llama");

    [Fact]
    public async Task A_step_is_evaluated_once_and_read_once()
    {
        await using var server = await MlxServer.StartAsync(Folder);
        await using var scheduler = server.Serve(options: new SchedulerOptions { PrefillChunk = 16 });
        var answer = await MlxServer.AskAsync(scheduler, MlxServer.Greedy(prompt: 40, answer: 20));

        // Three chunks of the prompt, of which the last gives the first token; only steps that give a token are read.
        Assert.Equal(20, answer.Usage.CompletionTokens);
        var counters = server.Backend.Counters;
        Assert.Equal((3 + 19, 3 + 19, 20), (counters.Steps, counters.Evaluations, counters.HostReads));
    }

    [Fact]
    public async Task Running_ahead_gives_the_tokens_of_a_plain_loop()
    {
        await using var server = await MlxServer.StartAsync(Folder);
        var request = MlxServer.Greedy(prompt: 100, answer: 60);
        int[] expected = await server.Engine.InvokeAsync(() => new DecoderProbe(server.Decoder, server.Backend).Greedy([.. request.Prompt], 60));
        await using var scheduler = server.Serve();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MlxServer.AskAsync(scheduler, request)));
        Assert.All(answers, answer => Assert.Equal(expected, answer.Tokens()));
    }

    [Fact]
    public async Task A_cache_is_written_in_place_although_the_next_step_is_laid_out_before_this_one_is_read()
    {
        await using var server = await MlxServer.StartAsync(Folder);
        await server.Engine.InvokeAsync(() =>
        {
            var job = new GenerationJob(MlxServer.Greedy(prompt: 300, answer: 100), 100, new HashSet<int>(), null, TimeProvider.System);
            var choice = (Choice)job.Sequences[0];
            using var cache = (MlxCache)server.Backend.CreateCache(server.Decoder.Layers);
            choice.Attach(new SequenceMemory(cache), 0);
            var runner = new StepRunner(server.Backend, server.Decoder);

            var step = runner.Begin([new PlannedRow(choice, 300)]);
            nint[]? before = null;
            for (int round = 0; round < 20; round++)
            {
                var next = runner.Follow(step);
                runner.Read(step);
                // The prompt's own step made the buffers; from here on they stay where they are.
                before ??= Addresses(cache);
                runner.Start(next);
                choice.Computed += step.Rows[0].Count;
                choice.Accept(step.Token(0), null);
                runner.Drop(step);
                step = next;
            }

            runner.Read(step);
            Assert.Equal(before, Addresses(cache));

            // Where a fork still needs the buffers, they are copied.
            using var fork = cache.Fork(10);
            var last = runner.Follow(step);
            runner.Start(last);
            Assert.All(before!.Zip(Addresses(cache)), pair => Assert.NotEqual(pair.First, pair.Second));
            runner.Drop(step);
            runner.Drop(last);
        });
    }

    [Fact]
    public async Task What_a_request_took_is_given_back()
    {
        await using var server = await MlxServer.StartAsync(Folder);
        long before = await server.Engine.InvokeAsync(() => server.Backend.ActiveBytes), arrays = MlxArray.Live;
        await using (var scheduler = server.Serve())
            await Task.WhenAll(Enumerable.Range(1, 4).Select(i => MlxServer.AskAsync(scheduler, MlxServer.Greedy(20 * i, 10 * i))));

        var memory = await server.Engine.InvokeAsync(() => server.Backend.Memory);
        // Tables of rotary periods are made once and stay.
        Assert.InRange(memory.ActiveBytes - before, 0, 4096);
        Assert.InRange(MlxArray.Live - arrays, 0, 2);
        Assert.True(memory.PeakBytes > memory.ActiveBytes);
    }

    /// <summary>Where the buffers lie. One that a step in the making replaces is looked at as it was.</summary>
    private static unsafe nint[] Addresses(MlxCache cache) => [.. cache.Buffers.Select(buffer =>
    {
        MlxError.Check(MlxC.mlx_array_eval(buffer.Handle));
        return (nint)MlxC.mlx_array_data_float32(buffer.Handle);
    })];
}
