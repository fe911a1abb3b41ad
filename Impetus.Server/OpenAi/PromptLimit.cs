using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>Sees to it that a prompt leaves room for an answer.</summary>
internal static class PromptLimit
{
    /// <summary>The answer's limit in tokens: what was asked for, or the room that the prompt leaves, if that is less.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="wanted">The limit that was asked for.</param>
    /// <param name="context">Tokens that prompt and answer may have together.</param>
    /// <param name="param">The field that the prompt comes from.</param>
    /// <returns>Null if nothing was asked for.</returns>
    /// <exception cref="ApiException">The prompt is empty, or leaves no room.</exception>
    public static int? Fit(int prompt, int? wanted, int context, string param)
    {
        if (prompt == 0)
            throw ApiException.Invalid(param, $"{param} has no tokens for this model; it needs at least one.");
        if (prompt >= context)
            throw ApiException.Invalid(
                param,
                $"This model's maximum context length is {context} tokens. However, your {param} resulted in {prompt} tokens, "
                    + "and an answer needs at least one more. Please reduce their length.",
                "context_length_exceeded");
        return wanted is { } limit ? Math.Min(limit, context - prompt) : null;
    }
}
