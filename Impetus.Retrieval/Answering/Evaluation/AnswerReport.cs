using System.Text.Json;

namespace Impetus.Retrieval.Answering.Evaluation;

/// <summary>How good answers are on one set of questions.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Documents">How many it has.</param>
/// <param name="ChatModel">The model that wrote.</param>
/// <param name="EmbeddingModel">The model that searched and aligned.</param>
/// <param name="Answers">One for each question.</param>
public sealed record AnswerReport(string Set, int Documents, string ChatModel, string EmbeddingModel, IReadOnlyList<JudgedAnswer> Answers)
{
    /// <summary>Statements whose support is known, as the alignment scored them.</summary>
    public IReadOnlyList<AlignedStatement> Statements { get; init; } = [];

    /// <summary>The questions of a kind.</summary>
    public IReadOnlyList<JudgedAnswer> Of(QuestionKind kind) => [.. Answers.Where(answer => answer.Question.Kind == kind)];

    /// <summary>How often the places of an answer hold the reference answer: those for which a function gives places.</summary>
    public CitationQuality Quality(Func<JudgedAnswer, IReadOnlyList<CitedPlace>?> places)
    {
        var cited = Of(QuestionKind.Answerable).Select(answer => (Answer: answer, Places: places(answer))).Where(pair => pair.Places is not null).ToList();
        return new CitationQuality(
            cited.Count,
            Share(cited, pair => pair.Answer.IsHeldBy(pair.Places!)),
            Share(cited, pair => pair.Answer.IsSaidBy(pair.Places!)),
            cited.SelectMany(pair => pair.Places!).Select(place => (double)(place.End - place.Start)).DefaultIfEmpty(0).Median());
    }

    /// <summary>How well a test of answers finds those that should be refused, against the answerable ones.</summary>
    public RefusalQuality Refusals(QuestionKind kind, Func<JudgedAnswer, bool?> refuses)
    {
        var wanted = Of(kind).Select(refuses).OfType<bool>().ToList();
        var unwanted = Of(QuestionKind.Answerable).Select(refuses).OfType<bool>().ToList();
        int right = wanted.Count(refused => refused), wrong = unwanted.Count(refused => refused);
        return new RefusalQuality(wanted.Count, right, unwanted.Count, wrong);
    }

    /// <summary>Writes all of it as one JSON object.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("collection", Set);
        json.WriteNumber("documents", Documents);
        json.WriteString("chat_model", ChatModel);
        json.WriteString("embedding_model", EmbeddingModel);
        json.WriteStartObject("questions");
        foreach (var kind in Enum.GetValues<QuestionKind>())
            json.WriteNumber(Name(kind), Of(kind).Count);
        json.WriteEndObject();
        Write(json, "evidence", Quality(answer => answer.Evidence));
        Write(json, "extract", Quality(answer => answer.Extracted));
        Write(json, "numbered", Quality(answer => answer.Written?.Numbered));
        Write(json, "aligned", Quality(answer => answer.Written?.Aligned));
        WriteText(json);
        json.WriteStartObject("refusals");
        Write(json, "off_topic", Refusals(QuestionKind.OffTopic, answer => answer.Refused));
        Write(json, "near_miss", Refusals(QuestionKind.NearMiss, answer => answer.Refused));
        Write(json, "near_miss_by_model", Refusals(QuestionKind.NearMiss, answer => answer.Written?.SaysMissing));
        json.WriteEndObject();
        WriteAlignment(json);
        json.WriteStartObject("first_token");
        Write(json, "cold", [.. Written.Select(written => written.Cold)]);
        Write(json, "warm", [.. Written.Select(written => written.Warm)]);
        json.WriteEndObject();
        json.WriteStartArray("per_question");
        foreach (var answer in Answers)
            Write(json, answer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What models wrote.</summary>
    public IEnumerable<WrittenAnswer> Written => Answers.Select(answer => answer.Written).OfType<WrittenAnswer>();

    private void WriteText(Utf8JsonWriter json)
    {
        var written = Of(QuestionKind.Answerable).Where(answer => answer.Written is not null).ToList();
        json.WriteStartObject("written");
        json.WriteNumber("questions", written.Count);
        json.WriteNumber("says", Share(written, answer => answer.IsSaidIn(answer.Written!.Text)));
        json.WriteNumber("sentences", written.Sum(answer => answer.Written!.Sentences));
        json.WriteNumber("supported_sentences", written.Sum(answer => answer.Written!.Aligned.Count));
        json.WriteEndObject();
    }

    /// <summary>What other thresholds of the alignment would keep and mark; supported statements are what it should find.</summary>
    private void WriteAlignment(Utf8JsonWriter json)
    {
        json.WriteStartObject("alignment");
        json.WriteNumber("threshold", AnswerAlignment.Threshold);
        json.WriteStartArray("thresholds");
        for (int hundredths = Statements.Count == 0 ? 100 : 30; hundredths <= 90; hundredths += 5)
        {
            double threshold = hundredths / 100.0;
            int right = Kept(StatementKind.Supported), wrong = Kept(StatementKind.OtherAnswer) + Kept(StatementKind.OtherPassage);
            json.WriteStartObject();
            json.WriteNumber("threshold", threshold);
            json.WriteNumber("recall", Math.Round((double)right / Statements.Count(statement => statement.Kind == StatementKind.Supported), 4));
            json.WriteNumber("precision", right == 0 ? 0 : Math.Round((double)right / (right + wrong), 4));
            json.WriteNumber("other_answers_kept", Kept(StatementKind.OtherAnswer));
            json.WriteNumber("other_passages_kept", Kept(StatementKind.OtherPassage));
            json.WriteEndObject();

            int Kept(StatementKind kind) => Statements.Count(statement => statement.Kind == kind && statement.Score >= threshold);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, CitationQuality quality)
    {
        json.WriteStartObject(name);
        json.WriteNumber("questions", quality.Questions);
        json.WriteNumber("holds", quality.Holds);
        json.WriteNumber("says", quality.Says);
        json.WriteNumber("median_length", quality.MedianLength);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, RefusalQuality quality)
    {
        json.WriteStartObject(name);
        json.WriteNumber("questions", quality.Wanted);
        json.WriteNumber("refused", quality.Right);
        json.WriteNumber("answerable", quality.Unwanted);
        json.WriteNumber("answerable_refused", quality.Wrong);
        json.WriteNumber("precision", quality.Precision);
        json.WriteNumber("recall", quality.Recall);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<FirstToken> tokens)
    {
        json.WriteStartObject(name);
        json.WriteNumber("answers", tokens.Count);
        json.WriteNumber("median_milliseconds", Math.Round(tokens.Select(token => token.Milliseconds).DefaultIfEmpty(0).Median(), 1));
        json.WriteNumber("median_prompt_tokens", tokens.Select(token => (double)token.PromptTokens).DefaultIfEmpty(0).Median());
        json.WriteNumber("median_cached_tokens", tokens.Select(token => (double)token.CachedTokens).DefaultIfEmpty(0).Median());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JudgedAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Question.Id);
        json.WriteString("kind", Name(answer.Question.Kind));
        json.WriteNumber("top_cosine", answer.Signals.TopCosine);
        json.WriteNumber("coverage", answer.Signals.Coverage);
        json.WriteNumber("bm25_ratio", answer.Signals.Bm25Ratio);
        json.WriteNumber("score", answer.Signals.Score);
        json.WriteBoolean("refused", answer.Refused);
        json.WriteBoolean("evidence_holds", answer.IsHeldBy(answer.Evidence));
        json.WriteBoolean("extract_holds", answer.IsHeldBy(answer.Extracted));
        if (answer.Written is { } written)
        {
            json.WriteString("text", written.Text);
            json.WriteBoolean("numbered_holds", answer.IsHeldBy(written.Numbered));
            json.WriteBoolean("aligned_holds", answer.IsHeldBy(written.Aligned));
            json.WriteBoolean("says_missing", written.SaysMissing);
        }
        json.WriteEndObject();
    }

    private static string Name(QuestionKind kind) => kind switch
    {
        QuestionKind.Answerable => "answerable",
        QuestionKind.NearMiss => "near_miss",
        _ => "off_topic",
    };

    private static double Share<T>(List<T> items, Func<T, bool> isTrue) => items.Count == 0 ? 0 : Math.Round((double)items.Count(isTrue) / items.Count, 4);
}

/// <summary>How often cited places hold the reference answer.</summary>
/// <param name="Questions">Answerable questions that were asked.</param>
/// <param name="Holds">Share of which a cited range holds the place of a reference answer.</param>
/// <param name="Says">Share of which a cited text holds the words of one, wherever it stands.</param>
/// <param name="MedianLength">Of a citation, in code points.</param>
public sealed record CitationQuality(int Questions, double Holds, double Says, double MedianLength);

/// <summary>How well unanswerable questions are told from answerable ones.</summary>
/// <param name="Wanted">Questions that should be refused.</param>
/// <param name="Right">Those of them that were.</param>
/// <param name="Unwanted">Questions that should be answered.</param>
/// <param name="Wrong">Those of them that were refused.</param>
public sealed record RefusalQuality(int Wanted, int Right, int Unwanted, int Wrong)
{
    /// <summary>Share of the refused questions that should have been.</summary>
    public double Precision => Right + Wrong == 0 ? 0 : Math.Round((double)Right / (Right + Wrong), 4);

    /// <summary>Share of the questions that should be refused that were.</summary>
    public double Recall => Wanted == 0 ? 0 : Math.Round((double)Right / Wanted, 4);
}

internal static class Medians
{
    /// <summary>The middle value; of an even number, the lower one.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
