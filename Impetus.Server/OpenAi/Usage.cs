using Impetus.Engine.Generation;

namespace Impetus.Server.OpenAi;

/// <summary>Real tokens of a request.</summary>
/// <param name="PromptTokens">Of the prompt.</param>
/// <param name="CompletionTokens">Of all choices together.</param>
/// <param name="TotalTokens">Both.</param>
/// <param name="PromptTokensDetails">More about the prompt.</param>
internal sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens, PromptTokensDetails PromptTokensDetails)
{
    public static Usage Of(GenerationUsage usage) =>
        new(usage.PromptTokens, usage.CompletionTokens, usage.PromptTokens + usage.CompletionTokens, new(usage.CachedTokens));
}

/// <param name="CachedTokens">Tokens of the prompt that were not computed, because an earlier prompt began alike.</param>
internal sealed record PromptTokensDetails(int CachedTokens);

/// <summary>Where the time went, by llama.cpp's names: milliseconds, and tokens per second.</summary>
/// <param name="QueueMs">Before the request's turn came.</param>
/// <param name="CacheN">Tokens of the prompt from the prefix cache.</param>
/// <param name="PromptN">Tokens of the prompt that were computed.</param>
/// <param name="PromptMs">From the end of the queue to the first token.</param>
/// <param name="PromptPerTokenMs">The same for each token.</param>
/// <param name="PromptPerSecond">Prefill speed.</param>
/// <param name="PredictedN">Tokens written.</param>
/// <param name="PredictedMs">From the first token to the last.</param>
/// <param name="PredictedPerTokenMs">The same for each token after the first of each choice.</param>
/// <param name="PredictedPerSecond">Decode speed, all choices together.</param>
internal sealed record Timings(
    double QueueMs,
    int CacheN,
    int PromptN,
    double PromptMs,
    double PromptPerTokenMs,
    double PromptPerSecond,
    int PredictedN,
    double PredictedMs,
    double PredictedPerTokenMs,
    double PredictedPerSecond)
{
    /// <param name="usage">What was measured.</param>
    /// <param name="choices">How many answers were written: the first token of each belongs to the prefill.</param>
    public static Timings Of(GenerationUsage usage, int choices)
    {
        int computed = usage.PromptTokens - usage.CachedTokens;
        int decoded = Math.Max(0, usage.CompletionTokens - choices);
        return new(
            Math.Round(usage.QueueMilliseconds, 3),
            usage.CachedTokens,
            computed,
            Math.Round(usage.PrefillMilliseconds, 3),
            Ratio(usage.PrefillMilliseconds, computed),
            Ratio(computed * 1000.0, usage.PrefillMilliseconds),
            usage.CompletionTokens,
            Math.Round(usage.DecodeMilliseconds, 3),
            Ratio(usage.DecodeMilliseconds, decoded),
            Ratio(decoded * 1000.0, usage.DecodeMilliseconds));
    }

    private static double Ratio(double a, double b) => b > 0 ? Math.Round(a / b, 3) : 0;
}
