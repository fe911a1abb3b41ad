using Impetus.Engine.Generation;

namespace Impetus.Server.Management;

/// <summary>One answer that was measured.</summary>
/// <param name="Warm">Whether its prompt had just been answered, so that its prefix is cached.</param>
/// <param name="Usage">Tokens and milliseconds.</param>
internal sealed record BenchmarkRun(bool Warm, GenerationUsage Usage)
{
    public double FirstTokenMilliseconds => Usage.QueueMilliseconds + Usage.PrefillMilliseconds;

    public double PrefillTokensPerSecond => (Usage.PromptTokens - Usage.CachedTokens) / Usage.PrefillMilliseconds * 1000;

    public double DecodeTokensPerSecond => (Usage.CompletionTokens - 1) / Usage.DecodeMilliseconds * 1000;
}

/// <summary>Answers prompts of a length with answers of a length. The tokens are drawn from a fixed seed, each prompt from its own.</summary>
internal sealed class GenerationBenchmark(IGenerator model, int promptTokens, int answerTokens)
{
    /// <summary>Runs each prompt cold and then warm; those of the warm-up are left out.</summary>
    /// <param name="warmUp">Prompts that do not count.</param>
    /// <param name="repetitions">Prompts that do.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <param name="progress">Is told how many of the twice as many answers are over.</param>
    public async Task<IReadOnlyList<BenchmarkRun>> RunAsync(int warmUp, int repetitions, CancellationToken cancel, IProgress<int>? progress = null)
    {
        var runs = new List<BenchmarkRun>();
        for (int i = 0; i < warmUp + repetitions; i++)
        {
            int[] prompt = Prompt(seed: i);
            foreach (bool warm in new[] { false, true })
            {
                var usage = await AnswerAsync(prompt, cancel);
                if (i >= warmUp)
                    runs.Add(new(warm, usage));
                progress?.Report(2 * i + (warm ? 2 : 1));
            }
        }

        return runs;
    }

    private int[] Prompt(int seed)
    {
        var random = new Random(seed);
        int[] prompt = new int[promptTokens];
        for (int i = 0; i < prompt.Length; i++)
            prompt[i] = random.Next(model.VocabularySize);
        return prompt;
    }

    private async Task<GenerationUsage> AnswerAsync(int[] prompt, CancellationToken cancel)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = answerTokens,
            StopAtEndOfSequence = false,
            Sampling = new() { Temperature = 0 },
        };
        await foreach (var happened in model.GenerateAsync(request, cancel))
        {
            if (happened is RequestDone done)
                return done.Usage;
        }

        throw new InvalidOperationException("The answer did not end.");
    }
}
