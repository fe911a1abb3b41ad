namespace Impetus.Engine.Generation;

/// <summary>What a request must be before anything is done for it. Messages name the request's own members.</summary>
internal static class RequestChecks
{
    /// <summary>The most stop texts of a request: each is followed through every character.</summary>
    public const int MostStops = 64;

    /// <summary>The most characters of a stop text: so much of an answer may be held back.</summary>
    public const int LongestStop = 4096;

    /// <summary>Checks a request against a model's vocabulary, and against the most answers that are written side by side.</summary>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    public static void Check(GenerationRequest request, int vocabulary, int mostChoices)
    {
        Require(request.Prompt.Count > 0, nameof(request.Prompt), "has no tokens; it needs at least one");
        foreach (int token in request.Prompt)
            Known(token, vocabulary, nameof(request.Prompt));
        Require(request.MaxTokens is null or >= 0, nameof(request.MaxTokens), "is below 0");
        Require(request.Choices >= 1 && request.Choices <= mostChoices, nameof(request.Choices), $"is not in 1 to {mostChoices}");
        Require(request.TopLogprobs is null or (>= 0 and <= Logprobs.MostAlternatives), nameof(request.TopLogprobs),
            $"is not in 0 to {Logprobs.MostAlternatives}");
        Require(request.Stop.Count <= MostStops, nameof(request.Stop), $"has more than {MostStops} texts");
        foreach (string stop in request.Stop)
            Require(stop.Length is > 0 and <= LongestStop, nameof(request.Stop), $"has a text without or with more than {LongestStop} characters");
        Check(request.Sampling, vocabulary);
    }

    private static void Check(SamplingOptions options, int vocabulary)
    {
        Range(options.Temperature, 0, 100, nameof(options.Temperature));
        Range(options.TopP, 0, 1, nameof(options.TopP));
        Range(options.MinP, 0, 1, nameof(options.MinP));
        Range(options.TypicalP, 0, 1, nameof(options.TypicalP));
        Range(options.FrequencyPenalty, -100, 100, nameof(options.FrequencyPenalty));
        Range(options.PresencePenalty, -100, 100, nameof(options.PresencePenalty));
        Range(options.RepetitionPenalty, 0.001f, 1000, nameof(options.RepetitionPenalty));
        Require(options.TopK >= 0, nameof(options.TopK), "is below 0");
        foreach (var (token, bias) in options.LogitBias ?? new Dictionary<int, float>())
        {
            Known(token, vocabulary, nameof(options.LogitBias));
            Range(bias, -10_000, 10_000, nameof(options.LogitBias));
        }
    }

    private static void Known(int token, int vocabulary, string name)
    {
        if (token < 0 || token >= vocabulary)
            throw new ArgumentException($"{name} has the token {token}; the vocabulary has {vocabulary}.", name);
    }

    private static void Range(float value, float least, float most, string name) =>
        Require(value >= least && value <= most, name, FormattableString.Invariant($"is {value}, not in {least} to {most}"));

    private static void Require(bool holds, string name, string fault)
    {
        if (!holds)
            throw new ArgumentException($"{name} {fault}.", name);
    }
}
