using System.Text.Json.Serialization;
using Impetus.Retrieval.Answering;
using Impetus.Retrieval.Searching;

namespace Impetus.Server.Documents;

/// <summary>What an answer was made from.</summary>
/// <param name="Queries">What was searched for.</param>
/// <param name="Steps">What was done to find it; null if nothing was searched.</param>
/// <param name="Evidence">What came into the prompt, by number.</param>
/// <param name="LeftOut">What was found and did not fit the budget.</param>
/// <param name="Tokens">Of the evidence in the prompt.</param>
/// <param name="TokenBudget">Tokens that it could have had.</param>
/// <param name="Signals">What speaks for and against an answer being there; null if nothing was searched.</param>
/// <param name="Refused"><c>off_topic</c> or <c>no_evidence</c> if the question was refused.</param>
/// <param name="Prompt">The prompt as the model got it, if <c>debug</c> was set.</param>
internal sealed record RetrievalObject(
    IReadOnlyList<string> Queries,
    IReadOnlyList<SearchStepObject>? Steps,
    IReadOnlyList<EvidenceObject> Evidence,
    IReadOnlyList<LeftOutObject> LeftOut,
    int Tokens,
    int TokenBudget,
    SignalObject? Signals,
    string? Refused,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Prompt);

/// <summary>A step of a search.</summary>
/// <param name="Kind"><c>split</c>, <c>search</c> or <c>search_again</c>.</param>
/// <param name="Query">The question that was split, or what was searched for.</param>
/// <param name="Queries">The parts of a question that was split; else empty.</param>
/// <param name="Found">Passages that were not found before.</param>
/// <param name="Coverage">Share of the words sought that the evidence holds, 0 to 1.</param>
/// <param name="Tokens">Tokens that the model wrote.</param>
internal sealed record SearchStepObject(string Kind, string Query, IReadOnlyList<string> Queries, int Found, double Coverage, int Tokens)
{
    public static SearchStepObject Of(SearchStep step) => new(
        step.Kind == SearchStepKind.SearchAgain ? "search_again" : Wire.Name(step.Kind), step.Query, step.Queries, step.Found, step.Coverage, step.Tokens);
}

/// <summary>A passage in the prompt. Offsets count Unicode code points of its document's text.</summary>
/// <param name="Number">In the prompt, from 1.</param>
/// <param name="DocumentId">Null for a text that came with the request.</param>
/// <param name="Collection">The collection that holds the document.</param>
/// <param name="Title">The document's title.</param>
/// <param name="Source">Where the document came from.</param>
/// <param name="Page">Page on which it begins.</param>
/// <param name="LastPage">Page on which it ends.</param>
/// <param name="Start">First code point.</param>
/// <param name="End">One past the last.</param>
/// <param name="Score">How well it fits the query.</param>
internal sealed record EvidenceObject(
    int Number,
    string? DocumentId,
    string? Collection,
    string Title,
    string? Source,
    int? Page,
    int? LastPage,
    int Start,
    int End,
    double Score)
{
    public static EvidenceObject Of(Evidence e) => new(
        e.Number, e.DocumentId, e.Collection, e.Title, e.Source, Wire.Page(e.FirstPage), Wire.Page(e.LastPage), e.Start, e.End,
        e.Score);
}

/// <summary>A passage that was found and did not fit.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">Its title.</param>
/// <param name="Page">Page on which the passage begins.</param>
/// <param name="Start">First code point in the document's text.</param>
/// <param name="End">One past the last.</param>
internal sealed record LeftOutObject(string? DocumentId, string Title, int? Page, int Start, int End)
{
    public static LeftOutObject Of(Evidence e) => new(e.DocumentId, e.Title, Wire.Page(e.FirstPage), e.Start, e.End);
}

/// <summary>A sentence of the answer, and where it comes from.</summary>
/// <param name="AnswerStart">First code point of the sentence in the answer.</param>
/// <param name="AnswerEnd">One past its last.</param>
/// <param name="Supported">Whether the evidence says it.</param>
/// <param name="Evidence">The number of the evidence; null if unsupported, as all that follows.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">Its title.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Page">Page on which the supporting sentences begin.</param>
/// <param name="LastPage">Page on which they end.</param>
/// <param name="Start">First code point of the supporting sentences in the document's text.</param>
/// <param name="End">One past their last.</param>
/// <param name="Quote">Their text, exactly.</param>
/// <param name="Score">How well the best sentences support it, 0 to 1.</param>
internal sealed record CitationObject(
    int AnswerStart,
    int AnswerEnd,
    bool Supported,
    int? Evidence,
    string? DocumentId,
    string? Title,
    string? Source,
    int? Page,
    int? LastPage,
    int? Start,
    int? End,
    string? Quote,
    double Score)
{
    public static CitationObject Of(Citation c) => c.Evidence is { } e
        ? new(
            c.AnswerStart, c.AnswerEnd, true, e.Number, e.DocumentId, e.Title, e.Source, Wire.Page(c.Pages.First), Wire.Page(c.Pages.Last), c.Start, c.End,
            c.Quote, c.Score)
        : new(c.AnswerStart, c.AnswerEnd, false, null, null, null, null, null, null, null, null, null, c.Score);
}

/// <summary>What is known when an answer is complete.</summary>
/// <param name="Citations">One for each sentence that states something.</param>
/// <param name="RemovedNumbers">Numbers of evidence that does not exist, which were taken out of the answer.</param>
internal sealed record CitationList(IReadOnlyList<CitationObject> Citations, IReadOnlyList<int> RemovedNumbers);
