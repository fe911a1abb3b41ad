using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tests.Backends;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Tests.Models;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>A model whose layers all have a window, through the scheduler: prefixes are found again where they can be forked.</summary>
public sealed class WindowedModelTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("mlx")]
    public async Task Prompts_that_go_on_or_are_asked_again_are_answered_alike_from_what_is_kept(string backend)
    {
        await using var engine = await TestEngine.StartAsync(backend);
        var model = await engine.Thread.InvokeAsync(() => new LoadedDecoder(Fixture.Path("decoders", "mistral_window"), engine.Backend));
        int[] prompt = [.. Enumerable.Range(0, 300).Select(i => (i * 37) % 90)];
        int[] expected = await engine.Thread.InvokeAsync(() => new DecoderProbe(model.Decoder, engine.Backend).Greedy(prompt, 150));
        int[] longer = [.. prompt, .. expected.Take(120), 5, 6, 7];
        int[] after = await engine.Thread.InvokeAsync(() => new DecoderProbe(model.Decoder, engine.Backend).Greedy(longer, 20));

        await using (var scheduler = new DecoderScheduler(engine.Thread, engine.Backend, model.Decoder, null, new HashSet<int>(), new SchedulerOptions { PrefillChunk = 32 }))
        {
            var first = await AskAsync(scheduler, prompt, 120);
            var again = await AskAsync(scheduler, prompt, 120);
            var next = await AskAsync(scheduler, longer, 20);

            Assert.Equal(expected.Take(120), first.Tokens());
            Assert.Equal(expected.Take(120), again.Tokens());
            Assert.Equal(after, next.Tokens());
            // The end of the prompt was marked; the end of the answer is near enough.
            Assert.Equal((0, 299, 419), (first.Usage.CachedTokens, again.Usage.CachedTokens, next.Usage.CachedTokens));
        }

        await engine.Thread.InvokeAsync(model.Dispose);
    }

    private static Task<Answer> AskAsync(DecoderScheduler scheduler, int[] prompt, int answer) =>
        MlxServer.AskAsync(scheduler, MlxServer.Greedy(0, answer) with { Prompt = prompt });
}
