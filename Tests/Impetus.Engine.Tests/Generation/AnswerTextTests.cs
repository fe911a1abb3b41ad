using Impetus.Engine.Generation;

namespace Impetus.Engine.Tests.Generation;

public sealed class AnswerTextTests
{
    private static readonly HashSet<int> Ends = ['$'];

    [Fact]
    public void An_end_token_ends_the_answer_and_does_not_belong_to_it()
    {
        var answer = new AnswerText(new Letters(), [], Ends, 10);
        Assert.Equal("ab", Write(answer, "ab$"));
        Assert.Equal((FinishReason.Stop, 3), (answer.Finished, answer.Count));
        Assert.Null(answer.StopText);
    }

    [Fact]
    public void The_limit_ends_the_answer_and_shows_what_was_held_back()
    {
        var answer = new AnswerText(new Letters(), ["bcd"], Ends, 3);
        Assert.Equal("abc", Write(answer, "abc"));
        Assert.Equal(FinishReason.Length, answer.Finished);
    }

    [Fact]
    public void A_stop_text_over_several_tokens_ends_the_answer_before_it()
    {
        var answer = new AnswerText(new Letters(), ["cd", "xyz"], Ends, 10);
        Assert.Equal("ab", Write(answer, "abcd"));
        Assert.Equal((FinishReason.Stop, "cd"), (answer.Finished, answer.StopText));
    }

    [Fact]
    public void A_stop_text_in_the_last_of_the_detokeniser_still_counts()
    {
        var answer = new AnswerText(new Letters(held: 1), ["c"], Ends, 3);
        Assert.Equal("ab", Write(answer, "abc"));
        Assert.Equal((FinishReason.Stop, "c"), (answer.Finished, answer.StopText));
    }

    [Fact]
    public void An_answer_of_no_tokens_is_finished_before_it_begins() =>
        Assert.Equal(FinishReason.Length, new AnswerText(null, [], Ends, 0).Finished);

    private static string Write(AnswerText answer, string tokens)
    {
        string shown = "";
        foreach (char token in tokens)
        {
            Assert.Null(answer.Finished);
            Assert.Equal(!Ends.Contains(token), answer.Push(token, out string text));
            shown += text;
        }

        return shown;
    }

    /// <summary>Every token is a letter; the last few are held back as if they were unfinished characters.</summary>
    private sealed class Letters(int held = 0) : IDetokenizer
    {
        private string _pending = "";

        public string Push(int id)
        {
            _pending += (char)id;
            int ready = Math.Max(0, _pending.Length - held);
            (string text, _pending) = (_pending[..ready], _pending[ready..]);
            return text;
        }

        public string Flush()
        {
            (string text, _pending) = (_pending, "");
            return text;
        }
    }
}
