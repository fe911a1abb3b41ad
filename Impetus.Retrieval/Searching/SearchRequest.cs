namespace Impetus.Retrieval.Searching;

/// <summary>Which signals rank the chunks.</summary>
public enum SearchMode
{
    /// <summary>Words and meaning, fused.</summary>
    Hybrid,

    /// <summary>Words alone (BM25).</summary>
    FullText,

    /// <summary>Meaning alone (cosine of embeddings).</summary>
    Dense,
}

/// <summary>A question to the library.</summary>
/// <param name="Query">Any text: nothing in it is syntax. Longer than 100,000 characters is refused; the embedder sees what fits it.</param>
public sealed record SearchRequest(string Query)
{
    /// <summary>The collections to search; empty means all.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>The most results: 1 to 100.</summary>
    public int Limit { get; init; } = 5;

    /// <summary>Which signals rank.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Hybrid;

    /// <summary>Only documents that pass.</summary>
    public DocumentFilter? Filter { get; init; }

    /// <summary>Join results that touch one another in one document, up to this many code points of text; 0 keeps chunks as they are.</summary>
    public int JoinUpTo { get; init; }

    /// <summary>Leave out chunks that say nearly the same as a better one.</summary>
    public bool RemoveNearDuplicates { get; init; } = true;

    /// <summary>Reorder the best with the library's reranker, where it has one.</summary>
    public bool Rerank { get; init; }
}
