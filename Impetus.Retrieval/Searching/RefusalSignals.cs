namespace Impetus.Retrieval.Searching;

/// <summary>
/// What can be known before a model answers. Questions on another topic can be told by these; a question of the right topic whose answer is
/// missing cannot. Weights are logistic regressions over libraries of 1 to 542 documents, checked on libraries that were left out; what they
/// keep and refuse stands in <c>docs/answers.md</c>. They hold for all-MiniLM-L6-v2 and chunks near 1,000 characters.
/// </summary>
/// <param name="TopCosine">Best cosine, or 0 without dense search.</param>
/// <param name="Coverage">Share of the question's idf that the best passage covers, 0 to 1.</param>
/// <param name="Bm25Ratio">Lucene's BM25 (without k1+1) of the best passage over the sum of the question's idf.</param>
public readonly record struct RefusalSignals(double TopCosine, double Coverage, double Bm25Ratio)
{
    /// <summary>Below this <see cref="Score"/> a question is refused, unless another threshold is asked for.</summary>
    public const double OffTopicThreshold = 0;

    /// <summary>Whether the embedding model does not know the question's language: its cosines then say nothing, and words decide alone.</summary>
    public bool WordsAlone { get; init; }

    /// <summary>The signals combined: the logit of "the library is about this".</summary>
    public double Score => WordsAlone
        ? 6.74 * Coverage + 4.42 * Bm25Ratio - 2.23
        : 15.36 * TopCosine + 7.45 * Coverage + 3.82 * Bm25Ratio - 10.03;

    /// <summary>Whether the question seems to be about something that the library does not hold.</summary>
    public bool IsOffTopic => Score < OffTopicThreshold;
}
