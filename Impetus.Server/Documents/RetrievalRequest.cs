using Impetus.Retrieval.Searching;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>How an answer is to be made from documents.</summary>
/// <param name="Search">Where and how to look; its query comes from the conversation.</param>
/// <param name="Agentic">Whether it searches in steps.</param>
/// <param name="Extract">Whether the answer is made of exact passages, without a model.</param>
/// <param name="RequireEvidence">Whether a question is refused that the library seems not to be about.</param>
/// <param name="Threshold">Below this score of the signals, it seems so.</param>
/// <param name="TokenBudget">Tokens that evidence may have in the prompt; null: what fits well.</param>
/// <param name="Debug">Whether the answer tells the rendered prompt.</param>
internal sealed record RetrievalRequest(
    SearchRequest Search, bool Agentic, bool Extract, bool RequireEvidence, double Threshold, int? TokenBudget, bool Debug)
{
    private const int MaxDocuments = 100;

    private static readonly Bounds Thresholds = new(-30, 30);

    private static readonly Field<AnswerMode?> Mode = SearchFields.Mode(
        "hybrid: passages found by words and by meaning; words or dense: by one of both; agentic: as hybrid, in steps, for the parts of the question and once more for what the evidence lacks; extract: the answer is the exact passages, and no model writes. Absent: hybrid.",
        ("hybrid", AnswerMode.Hybrid), ("words", AnswerMode.Words), ("dense", AnswerMode.Dense), ("agentic", AnswerMode.Agentic), ("extract", AnswerMode.Extract));

    private static readonly Field<bool?> Require = Fields.Flag(
        "require_evidence", "Whether a question that the documents seem not to be about is refused without a model. Absent: true.");

    private static readonly Field<double?> ThresholdField = Fields.Number(
        "threshold", Thresholds, "The score of the signals below which a question is refused. Absent: 0.");

    private static readonly Field<int?> Budget = Fields.Integer(
        "token_budget", 32, 1_000_000, "At most so many tokens of evidence come into the prompt. Absent: 2048, or half of the room that the conversation leaves.");

    private static readonly Field<bool?> DebugField = Fields.Flag("debug", "Whether the answer tells the prompt as the model got it.");

    private static readonly Contract Contract = new(
        "Retrieval",
        [
            SearchFields.Collections, Mode, SearchFields.TopK, SearchFields.Filters, Require, ThresholdField, Budget, DebugField, SearchFields.Rerank,
        ]);

    /// <summary>The field of a chat request.</summary>
    public static readonly Field<RetrievalRequest> Field = new(
        "retrieval", "Answers from the documents of the library, with citations; an empty object takes all of them.", Contract.Schema, Read);

    /// <summary>Texts that come with the question.</summary>
    public static readonly Field<IReadOnlyList<string>> ContextDocuments = new(
        "context_documents",
        "Texts to answer from, by value; all of them must fit into the prompt.",
        () => new() { ["type"] = "array", ["maxItems"] = MaxDocuments, ["items"] = Fields.Schema("string") },
        value => [.. value.Items(MaxDocuments, "documents").Select(item => item.Text())]);

    private static RetrievalRequest Read(RequestValue value)
    {
        var fields = Contract.Read(value);
        var mode = fields.Get(Mode) ?? AnswerMode.Hybrid;
        var search = new SearchRequest("")
        {
            Collections = fields.Get(SearchFields.Collections) ?? [],
            Limit = fields.Get(SearchFields.TopK) ?? 5,
            Filter = fields.Get(SearchFields.Filters),
            Rerank = fields.Get(SearchFields.Rerank) ?? false,
            Mode = mode switch
            {
                AnswerMode.Words => SearchMode.FullText,
                AnswerMode.Dense => SearchMode.Dense,
                _ => SearchMode.Hybrid,
            },
        };
        return new(
            search,
            mode == AnswerMode.Agentic,
            mode == AnswerMode.Extract,
            fields.Get(Require) ?? true,
            fields.Get(ThresholdField) ?? RefusalSignals.OffTopicThreshold,
            fields.Get(Budget),
            fields.Get(DebugField) ?? false);
    }

    private enum AnswerMode
    {
        Hybrid,
        Words,
        Dense,
        Agentic,
        Extract,
    }
}
