namespace Impetus.Engine.Generation;

/// <summary>What a model is asked to write.</summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt's token ids, at least one.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>At most so many tokens are written for each choice. Null: until the context is full.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>An answer ends before the first of these texts; it may span tokens.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How many answers are written to the one prompt, which is prefilled once.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How many alternatives are reported with each token's log-probability, 0 to 20. Null: no log-probabilities.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Whether log-probabilities of the prompt's own tokens are reported too.</summary>
    public bool PromptLogprobs { get; init; }

    /// <summary>Whether an end-of-sequence token ends the answer; otherwise only length and stop texts do.</summary>
    public bool StopAtEndOfSequence { get; init; } = true;

    /// <summary>Whether special tokens that the model writes are shown in the text.</summary>
    public bool ShowSpecialTokens { get; init; }
}
