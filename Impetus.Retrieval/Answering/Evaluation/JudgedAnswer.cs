using Impetus.Retrieval.Searching;

namespace Impetus.Retrieval.Answering.Evaluation;

/// <summary>A place that an answer names. Offsets count code points of the document's text.</summary>
public sealed record CitedPlace(string Document, int Start, int End, string Quote);

/// <summary>What became of a question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Signals">What the search knew before anything answered.</param>
/// <param name="Refused">Whether it was refused on these.</param>
/// <param name="Evidence">The passages that were found.</param>
/// <param name="Extracted">The places of the answer that is made of exact passages.</param>
public sealed record JudgedAnswer(
    JudgedQuestion Question, RefusalSignals Signals, bool Refused, IReadOnlyList<CitedPlace> Evidence, IReadOnlyList<CitedPlace> Extracted)
{
    /// <summary>What a model wrote; null where none was asked.</summary>
    public WrittenAnswer? Written { get; init; }

    /// <summary>Whether one of the places holds, as a range, one of the reference answers.</summary>
    public bool IsHeldBy(IEnumerable<CitedPlace> places) => places.Any(place =>
        place.Document == Question.Document && Question.Answers.Any(answer => answer.IsIn(place.Start, place.End)));

    /// <summary>Whether the text of one of the places holds the words of one of the reference answers, wherever it stands.</summary>
    public bool IsSaidBy(IEnumerable<CitedPlace> places) => places.Any(place => IsSaidIn(place.Quote));

    /// <summary>Whether a text holds the words of one of the reference answers.</summary>
    public bool IsSaidIn(string text) => Question.Answers.Any(answer => text.Contains(answer.Text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>An answer that a model wrote.</summary>
/// <param name="Text">What it wrote.</param>
/// <param name="Numbered">The passages whose numbers it wrote itself.</param>
/// <param name="Aligned">The places that its sentences were aligned with.</param>
/// <param name="Sentences">Sentences that state something.</param>
/// <param name="SaysMissing">Whether it says that the documents lack the answer.</param>
/// <param name="Cold">Its first token, where nothing but the instructions could be cached.</param>
/// <param name="Warm">The first token when the same was asked again.</param>
public sealed record WrittenAnswer(
    string Text, IReadOnlyList<CitedPlace> Numbered, IReadOnlyList<CitedPlace> Aligned, int Sentences, bool SaysMissing, FirstToken Cold, FirstToken Warm);

/// <summary>How long a client waited for the first token, searching included.</summary>
/// <param name="Milliseconds">From sending the request.</param>
/// <param name="PromptTokens">Of the prompt.</param>
/// <param name="CachedTokens">Those of them that were not computed.</param>
public sealed record FirstToken(double Milliseconds, int PromptTokens, int CachedTokens);
