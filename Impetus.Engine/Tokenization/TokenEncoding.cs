namespace Impetus.Engine.Tokenization;

/// <summary>An encoded text or pair of texts: one entry for each token in every list.</summary>
public sealed class TokenEncoding
{
    /// <summary>Token ids.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>The tokens' texts, as the vocabulary or, for what it lacks, the source writes them.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Where each token stands in its own text, in Unicode code points.</summary>
    public required IReadOnlyList<TokenOffset> Offsets { get; init; }

    /// <summary>Segment ids (BERT's token types).</summary>
    public required IReadOnlyList<int> TypeIds { get; init; }

    /// <summary>Which text a token comes from, 0 or 1; null for one that a template or padding added.</summary>
    public required IReadOnlyList<int?> SequenceIds { get; init; }

    /// <summary>1 for a token that a template or padding added, else 0.</summary>
    public required IReadOnlyList<int> SpecialTokensMask { get; init; }

    /// <summary>0 for padding, else 1.</summary>
    public required IReadOnlyList<int> AttentionMask { get; init; }

    /// <summary>What truncation cut off, as encodings of their own.</summary>
    public IReadOnlyList<TokenEncoding> Overflowing { get; init; } = [];

    /// <summary>The number of tokens.</summary>
    public int Count => Ids.Count;
}
