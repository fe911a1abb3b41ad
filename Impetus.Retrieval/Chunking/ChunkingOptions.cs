namespace Impetus.Retrieval.Chunking;

/// <summary>How documents are cut. The defaults are measured; see <c>docs/retrieval.md</c>.</summary>
public sealed record ChunkingOptions
{
    /// <summary>The length that a chunk grows towards, in UTF-16 code units: 64 to 65,536.</summary>
    public int TargetLength { get; init; } = 1_000;

    /// <summary>At most this much of the end of a chunk, in whole sentences, is repeated in the next one: 0 to half the target.</summary>
    public int Overlap { get; init; } = 100;

    /// <summary>The most tokens of a chunk: the embedder's limit without its special tokens, at least 8.</summary>
    public int MaxTokens { get; init; } = 254;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> where a value is out of its range.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TargetLength, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TargetLength, 65_536);
        ArgumentOutOfRangeException.ThrowIfNegative(Overlap);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Overlap, TargetLength / 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTokens, 8);
    }
}
