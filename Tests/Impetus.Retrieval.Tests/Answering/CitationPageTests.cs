using Impetus.Retrieval.Answering;
using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Tests.Indexing;

namespace Impetus.Retrieval.Tests.Answering;

public sealed class CitationPageTests
{
    private const string Text = "😀 Terns nest near the dome.\fThe lamp burns rapeseed oil. Fog forms in October.\fIt lasts.";

    [Fact]
    public async Task A_citation_names_the_page_of_its_sentence_and_not_those_of_its_passage()
    {
        await using var library = await TemporaryLibrary.CreateAsync();
        await library.AddAsync("keeper.txt", Text);
        var found = await library.Library.SearchAsync(new SearchRequest("Which oil does the lamp burn?"), TestContext.Current.CancellationToken);
        var passage = Assert.Single(found.Results);
        Assert.Equal((1, 3), (passage.FirstPage, passage.LastPage));
        Assert.Equal([(28, 2), (79, 3)], passage.PageBreaks.Select(page => (page.Start, page.Number)));

        Evidence[] evidence = [Evidence.Of(passage) with { Number = 1 }];
        var answer = await ExtractiveAnswer.MakeAsync("Which oil does the lamp burn?", evidence, new WordHashEmbedder(64), TestContext.Current.CancellationToken);
        Assert.Equal("The lamp burns rapeseed oil.", answer.Citations[0].Quote);
        Assert.Equal((2, 2), answer.Citations[0].Pages);
        Assert.Equal((1, 3), evidence[0].Pages(0, passage.End));
        Assert.Equal((1, 1), evidence[0].Pages(0, 28));
    }

    [Fact]
    public void Where_no_page_breaks_are_known_the_passages_pages_are_told() =>
        Assert.Equal((4, 5), new Evidence(1, "t", Text) { FirstPage = 4, LastPage = 5 }.Pages(3, 9));
}
