using Impetus.Server.Cli;

namespace Impetus.Server.Management;

/// <summary>How fast a model is on this machine, as it serves: medians of some answers to prompts that were never seen.</summary>
/// <param name="Model">Its id.</param>
/// <param name="PromptTokens">Of each prompt.</param>
/// <param name="FirstTokenMilliseconds">From the request to the first token.</param>
/// <param name="PrefillTokensPerSecond">Tokens of prompts computed.</param>
/// <param name="DecodeTokensPerSecond">Tokens written, one answer at a time.</param>
public sealed record ModelSpeed(
    string Model, int PromptTokens, double FirstTokenMilliseconds, double PrefillTokensPerSecond, double DecodeTokensPerSecond)
{
    /// <summary>How many answers a measurement takes.</summary>
    public const int Answers = 2 * (WarmUp + Repetitions);

    private const int WarmUp = 1, Repetitions = 3, Prompt = 512, Answer = 64;

    /// <summary>Measures a model that is in use by the caller. Other requests slow it.</summary>
    internal static async Task<ModelSpeed> MeasureAsync(IChatModel model, IProgress<int>? progress, CancellationToken cancel)
    {
        int prompt = Math.Min(Prompt, model.Generator.ContextLength - Answer);
        var runs = await new GenerationBenchmark(model.Generator, prompt, Answer).RunAsync(WarmUp, Repetitions, cancel, progress);
        double Median(Func<BenchmarkRun, double> measure) => Percentile.Of([.. runs.Where(run => !run.Warm).Select(measure)], 50);
        return new(
            model.Id, prompt, Median(run => run.FirstTokenMilliseconds), Median(run => run.PrefillTokensPerSecond), Median(run => run.DecodeTokensPerSecond));
    }
}
