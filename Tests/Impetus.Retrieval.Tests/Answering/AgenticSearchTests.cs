using Impetus.Retrieval.Answering;
using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Tests.Indexing;

namespace Impetus.Retrieval.Tests.Answering;

public sealed class AgenticSearchTests
{
    private static readonly (string Name, string Text)[] Documents =
    [
        ("oxmere.txt", "The lighthouse of Oxmere was built by Ada Brent."),
        ("brent.txt", "Ada Brent was born in Harwick."),
        ("radio.txt", "The emergency radio is kept on channel 16."),
    ];

    [Fact]
    public async Task Thin_evidence_is_searched_for_again_with_what_the_first_search_named()
    {
        await using var library = await LibraryAsync();
        var search = new AgenticSearch((query, cancel) => library.Library.SearchAsync(new SearchRequest(query) { Limit = 1, Mode = SearchMode.FullText }, cancel), null);
        var found = await search.RunAsync("Where was the builder of the lighthouse of Oxmere born?", TestContext.Current.CancellationToken);
        Assert.Equal([SearchStepKind.Split, SearchStepKind.Search, SearchStepKind.SearchAgain], found.Steps.Select(step => step.Kind));
        Assert.Contains("Ada Brent", found.Steps[^1].Query, StringComparison.Ordinal);
        Assert.Contains("born", found.Steps[^1].Query, StringComparison.Ordinal);
        Assert.Contains(found.Results, result => result.Title == "oxmere.txt");
        Assert.True(found.Steps[^1].Coverage >= found.Steps[^2].Coverage);
    }

    [Fact]
    public async Task A_model_splits_what_its_form_does_not_and_nonsense_is_left_out()
    {
        await using var library = await LibraryAsync();
        var splitter = new Splitter("1. Who built the lighthouse of Oxmere?\n2. Bananas are yellow.\n- Who built the lighthouse of Oxmere?\n");
        var search = new AgenticSearch((query, cancel) => library.Library.SearchAsync(new SearchRequest(query), cancel), splitter);
        const string Question = "Name the birthplace of the person who built the famous lighthouse of Oxmere";
        var found = await search.RunAsync(Question, TestContext.Current.CancellationToken);
        Assert.Equal([Question, "Who built the lighthouse of Oxmere?"], found.Steps[0].Queries);
        Assert.Equal(7, found.Steps[0].Tokens);
        Assert.Equal(AgenticSearch.MaxTokens, splitter.MaxTokens);
        Assert.Equal(found.Results.Count, found.Results.DistinctBy(result => result.DocumentId).Count());
    }

    [Fact]
    public async Task Searches_are_bounded_and_an_empty_library_ends_in_nothing()
    {
        await using var library = await TemporaryLibrary.CreateAsync();
        int searches = 0;
        var search = new AgenticSearch(
            (query, cancel) =>
            {
                searches++;
                return library.Library.SearchAsync(new SearchRequest(query), cancel);
            },
            null);
        var found = await search.RunAsync(string.Join(' ', Enumerable.Range(0, 50).Select(i => $"What is thing{i}?")), TestContext.Current.CancellationToken);
        Assert.Empty(found.Results);
        Assert.InRange(searches, 1, AgenticSearch.MaxSearches);
    }

    private static async Task<TemporaryLibrary> LibraryAsync()
    {
        var library = await TemporaryLibrary.CreateAsync();
        foreach (var (name, text) in Documents)
            await library.AddAsync(name, text);
        return library;
    }

    private sealed class Splitter(string text) : IQuestionSplitter
    {
        public int MaxTokens { get; private set; }

        public Task<(string Text, int Tokens)> SplitAsync(string question, int maxTokens, CancellationToken cancellationToken)
        {
            MaxTokens = maxTokens;
            return Task.FromResult((text, 7));
        }
    }
}
