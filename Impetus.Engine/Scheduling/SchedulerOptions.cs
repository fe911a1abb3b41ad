using Impetus.Engine.Generation;

namespace Impetus.Engine.Scheduling;

/// <summary>The bounds within which requests share a model.</summary>
public sealed record SchedulerOptions
{
    /// <summary>
    /// How many answers are written side by side, at least 1. A request that asks for more answers than this runs alone.
    /// </summary>
    public int MaxSequences { get; init; } = 32;

    /// <summary>How many requests may wait, at least 1; further ones are refused (<see cref="GenerationFault.QueueFull"/>).</summary>
    public int QueueLimit { get; init; } = 256;

    /// <summary>
    /// The most tokens that go through the model in one step, all sequences together; not below <see cref="MaxSequences"/>. It
    /// bounds how long an answer waits for its next token behind other people's prompts.
    /// </summary>
    public int StepTokens { get; init; } = 512;

    /// <summary>The most tokens of one prompt in one step, at least 1.</summary>
    public int PrefillChunk { get; init; } = 256;

    /// <summary>Bytes that the caches of all sequences of this model may take together, running and finished.</summary>
    public long CacheBytes { get; init; } = 4L << 30;

    /// <summary>What the caches of this model and of others may take together. Null: this one shares with nobody.</summary>
    public CacheLedger? Ledger { get; init; }

    /// <summary>Bytes of <see cref="CacheBytes"/> that finished sequences may keep for prompts that begin alike. 0: none is kept.</summary>
    public long PrefixCacheBytes { get; init; } = 1L << 30;

    /// <summary>Bytes that a token takes in a sequence's cache. Null: what its keys and values take in single precision.</summary>
    public long? BytesPerToken { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A member is out of its range; the message says which, and what it may be.</exception>
    public SchedulerOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StepTokens, MaxSequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefillChunk, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CacheBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(PrefixCacheBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesPerToken ?? 1, 1, nameof(BytesPerToken));
        return this;
    }
}
