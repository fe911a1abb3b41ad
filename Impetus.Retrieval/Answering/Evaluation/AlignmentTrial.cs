using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Searching.Evaluation;

namespace Impetus.Retrieval.Answering.Evaluation;

/// <summary>Whether a passage says a statement.</summary>
public enum StatementKind
{
    /// <summary>It does.</summary>
    Supported,

    /// <summary>The statement gives another question's answer: the passage says something else about it.</summary>
    OtherAnswer,

    /// <summary>The passage is another one of the same document.</summary>
    OtherPassage,
}

/// <summary>A statement that was aligned with a passage.</summary>
/// <param name="Kind">Whether the passage says it.</param>
/// <param name="Score">Of the best sentences.</param>
public sealed record AlignedStatement(StatementKind Kind, double Score);

/// <summary>
/// Tries the threshold of the alignment without a model: the words of a question with its reference answer are a statement that its paragraph
/// supports; with the answer to another question, or beside another paragraph of the document, they are one that it does not.
/// </summary>
public static class AlignmentTrial
{
    /// <param name="set">The questions.</param>
    /// <param name="alignment">What is tried.</param>
    /// <param name="sample">At most so many answerable questions, evenly spread.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<AlignedStatement>> RunAsync(
        QuestionSet set, AnswerAlignment alignment, int sample, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(alignment);
        var documents = set.Documents.ToDictionary(document => document.Id, StringComparer.Ordinal);
        var questions = set.Questions.Where(question => question.Answers.Count > 0).ToList();
        var aligned = new List<AlignedStatement>();
        int count = Math.Min(sample, questions.Count);
        for (int i = 0; i < count; i++)
        {
            int at = (int)((long)i * questions.Count / count);
            string title = documents[questions[at].Document!].Title;
            foreach (var (kind, statement, passage) in Cases(questions, at, documents[questions[at].Document!]))
            {
                var citations = await alignment.AlignAsync(statement, [new Evidence(1, title, passage)], cancellationToken).ConfigureAwait(false);
                aligned.Add(new AlignedStatement(kind, citations.Select(citation => citation.Score).DefaultIfEmpty(0).Max()));
            }
        }
        return aligned;
    }

    private static IEnumerable<(StatementKind Kind, string Statement, string Passage)> Cases(List<JudgedQuestion> questions, int at, JudgedDocument document)
    {
        var question = questions[at];
        string answer = question.Answers[0].Text;
        string[] paragraphs = document.Text.Split("\n\n");
        int own = Paragraph(paragraphs, CodePoints.ToUtf16(document.Text, question.Answers[0].Start));
        yield return (StatementKind.Supported, Statement(question, answer), paragraphs[own]);
        if (Others(questions, at).FirstOrDefault(other => !paragraphs[own].Contains(other, StringComparison.OrdinalIgnoreCase)) is { } wrong)
            yield return (StatementKind.OtherAnswer, Statement(question, wrong), paragraphs[own]);
        if (Others(paragraphs, own).FirstOrDefault(other => !other.Contains(answer, StringComparison.OrdinalIgnoreCase)) is { } elsewhere)
            yield return (StatementKind.OtherPassage, Statement(question, answer), elsewhere);
    }

    private static string Statement(JudgedQuestion question, string answer) => $"{question.Text.TrimEnd('?', ' ')} {answer}.";

    /// <summary>The answers to the questions behind one, about the same document.</summary>
    private static IEnumerable<string> Others(List<JudgedQuestion> questions, int at) => questions.Skip(at + 1).Concat(questions.Take(at))
        .Where(other => other.Document == questions[at].Document).Select(other => other.Answers[0].Text);

    private static IEnumerable<string> Others(string[] paragraphs, int at) => paragraphs.Skip(at + 1).Concat(paragraphs.Take(at));

    private static int Paragraph(string[] paragraphs, int position)
    {
        int index = 0;
        for (int start = 0; index < paragraphs.Length - 1 && (start += paragraphs[index].Length + 2) <= position;)
            index++;
        return index;
    }
}
