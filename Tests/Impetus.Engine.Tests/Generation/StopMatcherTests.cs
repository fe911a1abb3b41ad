using CsCheck;
using Impetus.Engine.Generation;

namespace Impetus.Engine.Tests.Generation;

public sealed class StopMatcherTests
{
    /// <summary>A text over few letters, stop texts over the same, and a way to cut the text into pieces.</summary>
    private static readonly Gen<(string Text, string[] Stops, int[] Cuts)> Cases = Gen.Select(
        Gen.String[Gen.Char["abc"], 0, 30], Gen.String[Gen.Char["abc"], 1, 5].Array[0, 4], Gen.Int[0, 5].Array[0, 40]);

    [Fact]
    public void The_answer_ends_before_the_first_stop_text_however_it_is_cut() => Cases.Sample(test =>
    {
        var (expected, found) = Naive(test.Text, test.Stops);
        var matcher = new StopMatcher(test.Stops);
        string shown = string.Concat(Pieces(test.Text, test.Cuts).Select(matcher.Push)) + matcher.Flush();
        Assert.Equal(expected, shown);
        Assert.Equal(found, matcher.Found);
    }, iter: 5000);

    [Fact]
    public void Text_is_held_back_only_while_it_could_begin_a_stop_text() => Cases.Sample(test =>
    {
        var matcher = new StopMatcher(test.Stops);
        string pushed = "", shown = "";
        foreach (string piece in Pieces(test.Text, test.Cuts))
        {
            pushed += piece;
            shown += matcher.Push(piece);
            if (matcher.Found is not null)
                return;
            string held = pushed[shown.Length..];
            Assert.StartsWith(shown, pushed, StringComparison.Ordinal);
            Assert.True(held.Length == 0 || test.Stops.Any(stop => stop.StartsWith(held, StringComparison.Ordinal)));
        }
    }, iter: 5000);

    [Fact]
    public void Nothing_is_shown_after_a_stop_text()
    {
        var matcher = new StopMatcher(["END"]);
        Assert.Equal("some text", matcher.Push("some textEN"));
        Assert.Equal("", matcher.Push("D and more"));
        Assert.Equal("", matcher.Push("even more"));
        Assert.Equal("", matcher.Flush());
        Assert.Equal("END", matcher.Found);
    }

    [Fact]
    public void What_was_held_back_is_shown_when_the_answer_is_over()
    {
        var matcher = new StopMatcher(["\n\nUser:"]);
        Assert.Equal("Hello", matcher.Push("Hello\n\nUs"));
        Assert.Equal("\n\nUs", matcher.Flush());
        Assert.Null(matcher.Found);
    }

    private static IEnumerable<string> Pieces(string text, int[] cuts)
    {
        int at = 0;
        foreach (int cut in cuts)
        {
            int end = Math.Min(text.Length, at + cut);
            yield return text[at..end];
            at = end;
        }

        yield return text[at..];
    }

    private static (string Shown, string? Found) Naive(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            var found = stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).MaxBy(stop => stop.Length);
            if (found is not null)
                return (text[..(end - found.Length)], found);
        }

        return (text, null);
    }
}
