namespace Impetus.Engine.Generation;

/// <summary>
/// How tokens are chosen, in this order: <see cref="LogitBias"/>, <see cref="RepetitionPenalty"/>, frequency and presence
/// penalties, temperature, top_k, top_p, min_p, typical_p; each filter on the renormalised survivors.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>0 (always the likeliest) to 2.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>0 to 1: the shortest prefix of the falling order with at least this mass survives. 1: off.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>At most so many survive. 0: off.</summary>
    public int TopK { get; init; }

    /// <summary>0 to 1: survivors have at least this share of the largest probability. 0: off.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// 0 to 1: by rising distance between surprise and entropy, the shortest prefix with at least this mass survives. 1: off.
    /// </summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>-2 to 2: subtracted once for each time the token was generated.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>-2 to 2: subtracted if the token was generated at all.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Above 0; 1: off. Over tokens of prompt and answer: positive logits are divided by it, others multiplied (CTRL).</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Added to single logits, by token id.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>The same seed gives the same text, whatever else is in the batch. Null: a new one each time.</summary>
    public ulong? Seed { get; init; }
}
