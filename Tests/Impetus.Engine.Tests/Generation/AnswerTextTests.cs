using System.Text;
using Impetus.Engine.Generation;
using Impetus.Engine.Tests.Scheduling;

namespace Impetus.Engine.Tests.Generation;

/// <summary>Answers over a tokenizer of bytes, so that a character may span tokens.</summary>
public sealed class AnswerTextTests
{
    private const int End = ToyDecoder.End;

    [Fact]
    public void An_end_token_ends_the_answer_and_does_not_belong_to_it()
    {
        var answer = Answer([], 10);
        Assert.Equal("ab", Write(answer, "ab"));
        Assert.False(answer.Push(End, out string text));
        Assert.Equal("", text);
        Assert.Equal((FinishReason.Stop, 3, null), (answer.Finished, answer.Count, answer.StopText));
    }

    [Fact]
    public void The_limit_ends_the_answer_and_shows_what_was_held_back()
    {
        var answer = Answer(["bcd"], 3);
        Assert.Equal("abc", Write(answer, "abc"));
        Assert.Equal(FinishReason.Length, answer.Finished);
    }

    [Fact]
    public void A_stop_text_over_several_tokens_ends_the_answer_before_it()
    {
        var answer = Answer(["cd", "xyz"], 10);
        Assert.Equal("ab", Write(answer, "abcd"));
        Assert.Equal((FinishReason.Stop, "cd"), (answer.Finished, answer.StopText));
    }

    [Fact]
    public void A_character_is_shown_when_its_last_byte_came()
    {
        var answer = Answer([], 10);
        var shown = Encoding.UTF8.GetBytes("é€").Select(b =>
        {
            answer.Push(b, out string text);
            return text;
        });
        Assert.Equal(["", "é", "", "", "€"], shown);
    }

    [Fact]
    public void A_stop_text_in_what_the_detokeniser_held_back_still_counts()
    {
        var answer = Answer(["\uFFFD"], 2);
        answer.Push('a', out string first);
        answer.Push(0xC3, out string last);
        Assert.Equal("a", first + last);
        Assert.Equal((FinishReason.Stop, "\uFFFD"), (answer.Finished, answer.StopText));
    }

    [Fact]
    public void An_answer_of_no_tokens_is_finished_before_it_begins() => Assert.Equal(FinishReason.Length, Answer([], 0).Finished);

    private static AnswerText Answer(string[] stops, int limit) =>
        new(ByteTokenizer.Instance.StartDetokenizer(), stops, new HashSet<int> { End }, limit);

    private static string Write(AnswerText answer, string text)
    {
        string shown = "";
        foreach (byte token in Encoding.UTF8.GetBytes(text))
        {
            Assert.Null(answer.Finished);
            Assert.True(answer.Push(token, out string more));
            shown += more;
        }

        return shown;
    }
}
