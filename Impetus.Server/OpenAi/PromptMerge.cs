using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Impetus.Engine.Generation;

namespace Impetus.Server.OpenAi;

/// <summary>Runs the prompts of one request side by side, as if they were one generation with more choices.</summary>
internal static class PromptMerge
{
    // Beyond a few, they only crowd the queue that all clients share.
    private const int AtOnce = 8;
    private const int Buffered = 64;

    public static async IAsyncEnumerable<GenerationEvent> EventsAsync(
        GenerationRun run, IReadOnlyList<PromptGeneration> prompts, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var channel = Channel.CreateBounded<GenerationEvent>(Buffered);
        var total = new GenerationUsage
        {
            PromptTokens = 0,
            CachedTokens = 0,
            CompletionTokens = 0,
            QueueMilliseconds = 0,
            PrefillMilliseconds = 0,
            DecodeMilliseconds = 0,
        };
        var work = WorkAsync(run, prompts, channel.Writer, abandon.Token);
        try
        {
            await foreach (var step in channel.Reader.ReadAllAsync(cancel))
            {
                if (step is RequestDone done)
                    total = Sum(total, done.Usage);
                else
                    yield return step;
            }
        }
        finally
        {
            await abandon.CancelAsync();
            await work;
        }

        yield return new RequestDone(total);
    }

    // A fault goes to the reader, and ends the other prompts.
    private static async Task WorkAsync(
        GenerationRun run, IReadOnlyList<PromptGeneration> prompts, ChannelWriter<GenerationEvent> output, CancellationToken cancel)
    {
        Exception? fault = null;
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
            await Parallel.ForAsync(0, prompts.Count, options, async (index, stop) =>
            {
                int first = index * prompts[index].Generation.Choices;
                await foreach (var step in OneAsync(run, prompts[index], stop))
                    await output.WriteAsync(Shift(step, first), stop);
            });
        }
        catch (Exception thrown)
        {
            fault = thrown;
        }

        output.Complete(fault);
    }

    private static async IAsyncEnumerable<GenerationEvent> OneAsync(
        GenerationRun run, PromptGeneration prompt, [EnumeratorCancellation] CancellationToken cancel)
    {
        bool echoed = prompt.Echo is null;
        await foreach (var step in run.EventsAsync(prompt.Generation, cancel))
        {
            var logprobs = (step as PromptDone)?.Logprobs;
            if (!echoed && (logprobs is not null || step is TextDelta or ChoiceDone))
            {
                echoed = true;
                for (int choice = 0; choice < prompt.Generation.Choices; choice++)
                    yield return new TextDelta(choice, prompt.Echo!, prompt.Generation.Prompt, logprobs ?? []);
            }

            yield return step;
        }
    }

    private static GenerationEvent Shift(GenerationEvent step, int first) => step switch
    {
        TextDelta delta => delta with { Choice = delta.Choice + first },
        ChoiceDone done => done with { Choice = done.Choice + first },
        _ => step,
    };

    private static GenerationUsage Sum(GenerationUsage a, GenerationUsage b) => new()
    {
        PromptTokens = a.PromptTokens + b.PromptTokens,
        CachedTokens = a.CachedTokens + b.CachedTokens,
        CompletionTokens = a.CompletionTokens + b.CompletionTokens,
        QueueMilliseconds = a.QueueMilliseconds + b.QueueMilliseconds,
        PrefillMilliseconds = a.PrefillMilliseconds + b.PrefillMilliseconds,
        DecodeMilliseconds = a.DecodeMilliseconds + b.DecodeMilliseconds,
    };
}
