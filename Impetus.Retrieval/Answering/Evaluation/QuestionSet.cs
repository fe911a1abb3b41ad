using System.Text.Json;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Searching.Evaluation;

namespace Impetus.Retrieval.Answering.Evaluation;

/// <summary>What an honest library does with a question.</summary>
public enum QuestionKind
{
    /// <summary>The documents hold the answer.</summary>
    Answerable,

    /// <summary>The documents are about it, and do not hold the answer.</summary>
    NearMiss,

    /// <summary>The documents are about something else.</summary>
    OffTopic,
}

/// <summary>A question and where its answer stands.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Kind">What an honest library does with it.</param>
/// <param name="Document">The document that holds the answer; null where none does.</param>
/// <param name="Answers">The places that answer it, any of them enough; empty where nothing does.</param>
public sealed record JudgedQuestion(string Id, string Text, QuestionKind Kind, string? Document, IReadOnlyList<ReferenceAnswer> Answers);

/// <summary>A place that answers a question. Offsets count code points of the document's text.</summary>
public sealed record ReferenceAnswer(int Start, int End, string Text)
{
    /// <summary>Whether a range of the same document holds it.</summary>
    public bool IsIn(int start, int end) => start <= Start && End <= end;
}

/// <summary>
/// Documents and questions with the places of their answers, as a folder: <c>corpus.jsonl</c> and <c>queries.jsonl</c> as a
/// <see cref="JudgedCollection"/> has them, and <c>answers.jsonl</c> (<c>id</c>, <c>kind</c>: <c>answerable</c>, <c>near_miss</c> or
/// <c>off_topic</c>, <c>doc</c>, <c>answers</c>: <c>start</c>, <c>end</c> in UTF-16 code units, <c>text</c>). Each may be gzipped.
/// </summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Documents">What can be known.</param>
/// <param name="Questions">What is asked.</param>
public sealed record QuestionSet(string Name, IReadOnlyList<JudgedDocument> Documents, IReadOnlyList<JudgedQuestion> Questions)
{
    /// <summary>Reads a folder; throws <see cref="Indexing.LibraryException"/> naming the file and line that is wrong.</summary>
    public static QuestionSet Load(string folder)
    {
        var documents = JudgedCollection.Corpus(folder);
        var texts = documents.ToDictionary(document => document.Id, document => document.Text, StringComparer.Ordinal);
        var questions = JudgedCollection.Lines(folder, "queries.jsonl", json => (Id: JudgedCollection.Text(json, "id"), Text: JudgedCollection.Text(json, "text")))
            .ToDictionary(query => query.Id, query => query.Text, StringComparer.Ordinal);
        return new QuestionSet(
            JudgedCollection.NameOf(folder), documents, JudgedCollection.Lines(folder, "answers.jsonl", json => Read(json, questions, texts)));
    }

    private static JudgedQuestion Read(JsonElement json, Dictionary<string, string> questions, Dictionary<string, string> texts)
    {
        string id = JudgedCollection.Text(json, "id");
        var kind = JudgedCollection.Text(json, "kind") switch
        {
            "answerable" => QuestionKind.Answerable,
            "near_miss" => QuestionKind.NearMiss,
            "off_topic" => QuestionKind.OffTopic,
            var other => throw new FormatException($"the kind {other} is none of answerable, near_miss and off_topic"),
        };
        string? document = JudgedCollection.OptionalText(json, "doc") is { Length: > 0 } name ? name : null;
        var answers = json.GetProperty("answers").EnumerateArray()
            .Select(answer => Place(texts[document!], answer.GetProperty("start").GetInt32(), answer.GetProperty("end").GetInt32())).ToList();
        return new JudgedQuestion(id, questions[id], kind, document, answers);
    }

    private static ReferenceAnswer Place(string text, int start, int end)
    {
        int first = CodePoints.Count(text.AsSpan(0, start));
        return new ReferenceAnswer(first, first + CodePoints.Count(text.AsSpan(start, end - start)), text[start..end]);
    }
}
