namespace Impetus.Engine.Generation;

/// <summary>What happens while a request is worked on, in the order in which it happens.</summary>
public abstract record GenerationEvent;

/// <summary>A part of the prompt went through the model.</summary>
/// <param name="Processed">Tokens of the prompt that are done, cached ones included.</param>
/// <param name="Total">All tokens of the prompt.</param>
public sealed record PrefillProgress(int Processed, int Total) : GenerationEvent;

/// <summary>The prompt is done; where they were asked for, these are its tokens' log-probabilities (the first has none).</summary>
public sealed record PromptDone(IReadOnlyList<TokenLogprob> Logprobs) : GenerationEvent;

/// <summary>More of an answer. Text may be empty while a character or a possible stop text is unfinished.</summary>
/// <param name="Choice">Which answer, from 0.</param>
/// <param name="Text">What can be shown now.</param>
/// <param name="Tokens">The tokens that were chosen since the last delta.</param>
/// <param name="Logprobs">One for each token, if they were asked for.</param>
public sealed record TextDelta(int Choice, string Text, IReadOnlyList<int> Tokens, IReadOnlyList<TokenLogprob> Logprobs) : GenerationEvent;

/// <summary>An answer is complete.</summary>
/// <param name="Choice">Which answer, from 0.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="StopText">Which stop text ended it, if one did.</param>
public sealed record ChoiceDone(int Choice, FinishReason Reason, string? StopText = null) : GenerationEvent;

/// <summary>The request is complete; always the last event of a request that did not fail.</summary>
public sealed record RequestDone(GenerationUsage Usage) : GenerationEvent;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, or a stop text did.</summary>
    Stop,

    /// <summary>The token limit or the context was reached.</summary>
    Length,
}

/// <summary>The log-probability of a token, from the softmax of the raw logits.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Logprob">Natural logarithm of its probability; null for the first token of a prompt.</param>
/// <param name="Top">The likeliest tokens there, falling, ties by lower id.</param>
public sealed record TokenLogprob(int Token, float? Logprob, IReadOnlyList<TokenAlternative> Top);

/// <summary>A token that could have been chosen.</summary>
public readonly record struct TokenAlternative(int Token, float Logprob);

/// <summary>What a request took: real tokens and measured times.</summary>
public sealed record GenerationUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Of these, how many were found in the prefix cache and not computed.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Tokens written, all choices together.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Milliseconds in the queue.</summary>
    public required double QueueMilliseconds { get; init; }

    /// <summary>Milliseconds from leaving the queue to the first token.</summary>
    public required double PrefillMilliseconds { get; init; }

    /// <summary>Milliseconds from the first token to the last.</summary>
    public required double DecodeMilliseconds { get; init; }
}
