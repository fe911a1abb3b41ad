namespace Impetus.Retrieval.Searching;

/// <summary>What a search found.</summary>
/// <param name="Results">Best first.</param>
/// <param name="Signals">What speaks for and against an answer being there.</param>
public sealed record SearchResponse(IReadOnlyList<SearchResult> Results, RefusalSignals Signals);

/// <summary>A passage that was found. Offsets count Unicode code points of the document's extracted text.</summary>
/// <param name="DocumentId">The document that holds it.</param>
/// <param name="Collection">The collection that holds the document.</param>
/// <param name="Title">The document's title.</param>
/// <param name="Source">Where the document came from, if that was said.</param>
/// <param name="FirstChunk">Ordinal of the first chunk.</param>
/// <param name="LastChunk">Ordinal of the last chunk: the same, unless neighbours were joined.</param>
/// <param name="Text">The text at the range, exactly.</param>
/// <param name="Start">First code point.</param>
/// <param name="End">One past the last code point.</param>
/// <param name="FirstPage">Page on which it begins, from 1; 0 where the document has no pages.</param>
/// <param name="LastPage">Page on which it ends.</param>
/// <param name="HeadingPath">The headings above it, outermost first.</param>
/// <param name="Tokens">Tokens as the embedder counts them.</param>
/// <param name="Score">What the results are ordered by; comparable within one response only.</param>
/// <param name="Scores">The signals behind it.</param>
public sealed record SearchResult(
    string DocumentId,
    string Collection,
    string Title,
    string? Source,
    int FirstChunk,
    int LastChunk,
    string Text,
    int Start,
    int End,
    int FirstPage,
    int LastPage,
    IReadOnlyList<string> HeadingPath,
    int Tokens,
    double Score,
    SignalScores Scores)
{
    /// <summary>The pages that begin inside of the passage, where that is known; empty where it stands on one page.</summary>
    public IReadOnlyList<Chunking.PageBreak> PageBreaks { get; init; } = [];
}

/// <summary>The single signals of one result; null where a signal did not see it among its best hundred.</summary>
/// <param name="FullText">BM25 as FTS5 computes it, higher is better.</param>
/// <param name="Dense">Cosine of question and passage, -1 to 1.</param>
/// <param name="Reranker">The reranker's score, higher is better.</param>
public readonly record struct SignalScores(double? FullText, double? Dense, double? Reranker);
