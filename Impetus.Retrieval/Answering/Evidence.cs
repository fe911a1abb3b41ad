namespace Impetus.Retrieval.Answering;

/// <summary>A passage that an answer may stand on. Offsets count Unicode code points.</summary>
/// <param name="Number">Its number in the prompt, from 1; 0 before it has one.</param>
/// <param name="Title">Of its document.</param>
/// <param name="Text">What it says, exactly as the document has it.</param>
public sealed record Evidence(int Number, string Title, string Text)
{
    /// <summary>The document's id; null for a text that came with the question.</summary>
    public string? DocumentId { get; init; }

    /// <summary>The collection that holds the document.</summary>
    public string? Collection { get; init; }

    /// <summary>Where the document came from, if that was said.</summary>
    public string? Source { get; init; }

    /// <summary>Page on which it begins, from 1; 0 where there are no pages.</summary>
    public int FirstPage { get; init; }

    /// <summary>Page on which it ends.</summary>
    public int LastPage { get; init; }

    /// <summary>The pages that begin inside of it, as far as that is known.</summary>
    public IReadOnlyList<Chunking.PageBreak> PageBreaks { get; init; } = [];

    /// <summary>Where it begins in its document.</summary>
    public int Start { get; init; }

    /// <summary>One past its end in its document.</summary>
    public int End { get; init; }

    /// <summary>How well it fits the question, comparable within one search; 0 for a text that came with the question.</summary>
    public double Score { get; init; }

    /// <summary>The pages on which a range of it begins and ends; its own where it is not known where they begin.</summary>
    /// <param name="start">A code point of the document.</param>
    /// <param name="end">One past the range's last.</param>
    public (int First, int Last) Pages(int start, int end)
    {
        return PageBreaks.Count == 0 ? (FirstPage, LastPage) : (PageAt(start), PageAt(end - 1));

        int PageAt(int position) => PageBreaks.LastOrDefault(page => page.Start <= position) is { Number: > 0 } begun ? begun.Number : FirstPage;
    }

    /// <summary>A passage that a search found, without a number.</summary>
    public static Evidence Of(Searching.SearchResult found) => new(0, found.Title, found.Text)
    {
        DocumentId = found.DocumentId,
        Collection = found.Collection,
        Source = found.Source,
        FirstPage = found.FirstPage,
        LastPage = found.LastPage,
        PageBreaks = found.PageBreaks,
        Start = found.Start,
        End = found.End,
        Score = found.Score,
    };
}

/// <summary>A sentence of an answer and what it stands on. Offsets count Unicode code points.</summary>
/// <param name="AnswerStart">Where the sentence begins in the answer.</param>
/// <param name="AnswerEnd">One past its end.</param>
/// <param name="Evidence">The evidence that supports it; null where none does.</param>
/// <param name="Start">Where the supporting sentences begin in their document.</param>
/// <param name="End">One past their end.</param>
/// <param name="Quote">Their text, exactly; empty where there is none.</param>
/// <param name="Score">How well the best sentences support it, 0 to 1.</param>
public sealed record Citation(int AnswerStart, int AnswerEnd, Evidence? Evidence, int Start, int End, string Quote, double Score)
{
    /// <summary>Whether the evidence says what the sentence says, as far as words and meaning tell.</summary>
    public bool IsSupported => Evidence is not null;

    /// <summary>The pages on which the supporting sentences begin and end; 0 where there are none.</summary>
    public (int First, int Last) Pages => Evidence?.Pages(Start, End) ?? default;
}
