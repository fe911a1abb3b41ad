using Impetus.Retrieval.Answering;
using Impetus.Retrieval.Answering.Evaluation;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Tests.Answering;

public sealed class AnswerReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("impetus-questions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Places_of_answers_are_counted_in_code_points()
    {
        Write("""{"id":"q1","kind":"answerable","doc":"d1","answers":[{"start":12,"end":20,"text":"rapeseed"}]}""");
        var question = Assert.Single(QuestionSet.Load(_folder).Questions);
        Assert.Equal(new ReferenceAnswer(11, 19, "rapeseed"), Assert.Single(question.Answers));
        Assert.Equal((QuestionKind.Answerable, "d1", "Which oil?"), (question.Kind, question.Document, question.Text));
    }

    [Fact]
    public void An_unknown_kind_is_named_with_its_line()
    {
        Write("""{"id":"q1","kind":"trick","doc":null,"answers":[]}""");
        var fault = Assert.Throws<LibraryException>(() => QuestionSet.Load(_folder));
        Assert.Contains("answers.jsonl, line 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("trick", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_must_hold_the_answer_and_words_may_stand_elsewhere()
    {
        var question = new JudgedQuestion("q", "Which oil?", QuestionKind.Answerable, "d1", [new(11, 19, "rapeseed")]);
        CitedPlace exact = new("d1", 11, 19, "rapeseed"), cut = new("d1", 12, 40, "apeseed oil"), other = new("d2", 0, 60, "Rapeseed is yellow");
        var report = new AnswerReport("set", 1, "chat", "embedding",
        [
            new(question, default, false, [], [exact]), new(question, default, false, [], [cut]), new(question, default, true, [], [other]),
            new(question with { Kind = QuestionKind.OffTopic, Answers = [] }, default, true, [], []),
            new(question with { Kind = QuestionKind.OffTopic, Answers = [] }, default, false, [], []),
        ]);
        Assert.Equal(new CitationQuality(3, 0.3333, 0.6667, 28), report.Quality(answer => answer.Extracted));
        var refusals = report.Refusals(QuestionKind.OffTopic, answer => answer.Refused);
        Assert.Equal((0.5, 0.5), (refusals.Precision, refusals.Recall));
        Assert.Equal(0, report.Quality(answer => answer.Written?.Aligned).Questions);
    }

    [Theory]
    [InlineData("The documents do not say which oil it burns.", true)]
    [InlineData("The evidence doesn't mention a lamp.", true)]
    [InlineData("This is not mentioned in the passages.", true)]
    [InlineData("The lamp does not burn rapeseed oil [1].", false)]
    [InlineData("The documents say that it burns oil. It does not smoke.", false)]
    public void An_answer_that_says_what_is_missing_is_recognised(string answer, bool says) => Assert.Equal(says, MissingAnswer.IsSaidIn(answer));

    private void Write(string answer)
    {
        File.WriteAllText(Path.Combine(_folder, "corpus.jsonl"), """{"id":"d1","title":"Lamp","text":"😀 It burns rapeseed oil."}""");
        File.WriteAllText(Path.Combine(_folder, "queries.jsonl"), """{"id":"q1","text":"Which oil?"}""");
        File.WriteAllText(Path.Combine(_folder, "answers.jsonl"), answer);
    }
}
