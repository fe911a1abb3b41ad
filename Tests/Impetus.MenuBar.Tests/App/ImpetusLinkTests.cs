using Impetus.MenuBar.App;

namespace Impetus.MenuBar.Tests.App;

public sealed class ImpetusLinkTests
{
    [Fact]
    public void There_are_three_kinds()
    {
        Assert.Equal(new ImpetusLink.Open(), ImpetusLink.Parse("impetus://open"));
        Assert.Equal(new ImpetusLink.Open(), ImpetusLink.Parse("IMPETUS://OPEN/"));
        Assert.Equal(new ImpetusLink.Ask("Grüße & mehr?"), ImpetusLink.Parse("impetus://ask?q=Gr%C3%BC%C3%9Fe+%26+mehr%3F"));
        Assert.Equal(
            new ImpetusLink.Add(new IngestionItem.FromWeb(new Uri("https://example.org/a?b=c&d"))),
            ImpetusLink.Parse("impetus://add?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc%26d"));
        Assert.Equal(new ImpetusLink.Add(new IngestionItem.FromText("two\nlines")), ImpetusLink.Parse("impetus://add?text=two%0Alines"));
    }

    [Theory]
    [InlineData("https://example.org/", "impetus://")]
    [InlineData("impetus:open", "open, add and ask")]
    [InlineData("impetus://quit", "open, add and ask")]
    [InlineData("impetus://open/../add", "open, add and ask")]
    [InlineData("impetus://add", "either url or text")]
    [InlineData("impetus://add?url=https://a.org&text=b", "either url or text")]
    [InlineData("impetus://add?text=%20%0A", "either url or text")]
    [InlineData("impetus://add?url=file:///etc/passwd", "https://")]
    [InlineData("impetus://add?url=javascript:alert(1)", "https://")]
    [InlineData("impetus://add?url=/etc/passwd", "https://")]
    [InlineData("impetus://ask", "a question as q")]
    [InlineData("impetus://ask?q=+", "a question as q")]
    [InlineData("", "impetus://")]
    public void Anything_else_is_refused_with_what_is_wrong(string address, string said) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => ImpetusLink.Parse(address)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_too_long_is_refused()
    {
        Assert.Throws<FormatException>(() => ImpetusLink.Parse("impetus://ask?q=" + new string('a', ImpetusLink.LongestQuestion + 1)));
        Assert.Throws<FormatException>(() => ImpetusLink.Parse("impetus://add?text=" + new string('a', ImpetusLink.LongestAddress)));
    }
}
