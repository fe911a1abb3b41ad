using System.Text.Json;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;
using Impetus.Retrieval.Tests.Indexing;

namespace Impetus.Retrieval.Tests.Searching;

public sealed class SearchTests
{
    public static TheoryData<string> HostileQueries() =>
    [
        "", " ", "\"", "\"\"\"", "a\"b", "'; DROP TABLE chunks; --", "NEAR(a b, 3)", "title:moa AND NOT (body OR *)", "^moa* + {a b}", "\0\u0001\u001b[31m",
        "what is the of", "moa\uD800bird", "水", "黑豹队丢了多少分", "كم نقطة", "हिन्दी में खोज", "😀😀😀", "-", "* * *", "OR OR OR", "rank MATCH 1",
        string.Concat(Enumerable.Repeat("\"moa\" AND (", 9_000)), new string('x', 100_000), string.Join(' ', Enumerable.Range(0, 14_000).Select(i => $"w{i}")),
    ];

    [Theory]
    [MemberData(nameof(HostileQueries))]
    public async Task No_query_fails(string query)
    {
        await using var temporary = await BirdsAsync();
        foreach (var mode in Enum.GetValues<SearchMode>())
            Assert.NotNull(await temporary.Library.SearchAsync(new(query) { Mode = mode }));
    }

    [Fact]
    public async Task A_query_over_the_limit_is_refused_with_the_limit()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var fault = await Assert.ThrowsAsync<LibraryException>(() => temporary.Library.SearchAsync(new(new string('x', 100_001))));
        Assert.Equal(LibraryFault.InvalidRequest, fault.Fault);
        Assert.Contains("100,000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_library_finds_nothing()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var response = await temporary.Library.SearchAsync(new("anything"));
        Assert.Empty(response.Results);
        Assert.True(response.Signals.IsOffTopic);
    }

    [Fact]
    public async Task Chinese_is_found_by_words_of_two_characters_and_by_one()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.AddAsync("a.txt", "黑豹队的防守只丢了三百分。");
        await temporary.AddAsync("b.txt", "野马队赢得了比赛。");
        Assert.Equal("a.txt", (await Words(temporary, "谁的防守"))[0].Title);
        Assert.Equal("b.txt", (await Words(temporary, "赢"))[0].Title);
    }

    [Fact]
    public async Task Documents_of_two_languages_are_each_found_by_their_own_stems()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.AddAsync("en.txt", "The runners are running through the old houses of the town and they were not seen.");
        await temporary.AddAsync("de.txt", "Die Häuser der Stadt sind alt, und die Straßen wurden nicht von den Bewohnern gebaut.");
        Assert.Equal("en.txt", (await Words(temporary, "Who runs?"))[0].Title);
        Assert.Equal("de.txt", (await Words(temporary, "Welches Haus ist alt?"))[0].Title);
    }

    private static async Task<IReadOnlyList<SearchResult>> Words(TemporaryLibrary temporary, string query) =>
        (await temporary.Library.SearchAsync(new(query) { Mode = SearchMode.FullText })).Results;

    [Fact]
    public async Task Filters_choose_documents_by_id_source_date_and_metadata()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        string[] ids = new string[4];
        for (int i = 0; i < 4; i++)
        {
            var document = TemporaryLibrary.Document($"{i}.txt", $"The moa was a bird, note {i}.") with
            {
                Source = $"s{i}",
                Modified = new DateTimeOffset(2020 + i, 1, 1, 0, 0, 0, TimeSpan.Zero),
                Metadata = JsonDocument.Parse($$"""{"year": {{2020 + i}}, "tags": ["t{{i}}", "all"], "au\"thor": "A{{i}}", "draft": {{(i == 3 ? "true" : "false")}}}""").RootElement,
            };
            ids[i] = (await temporary.Library.AddAsync(document)).Document.Id;
        }

        await Expect([1], new DocumentFilter.Documents([ids[1], "doc_unknown"]));
        await Expect([2], new DocumentFilter.Sources(["s2"]));
        await Expect([1, 2], new DocumentFilter.Dates(new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await Expect([2, 3], Metadata("year", Comparison.GreaterOrEqual, "2022"));
        await Expect([0, 2, 3], Metadata("year", Comparison.NotEqual, "2021"));
        await Expect([], Metadata("year", Comparison.Equal, "\"2021\""));
        await Expect([2], Metadata("tags", Comparison.Equal, "\"t2\""));
        await Expect([0, 1, 2, 3], Metadata("tags", Comparison.In, "[\"all\", \"none\"]"));
        await Expect([0, 1], Metadata("au\"thor", Comparison.In, "[\"A0\", \"A1\"]"));
        await Expect([3], Metadata("draft", Comparison.Equal, "true"));
        await Expect([], Metadata("') OR 1=1 --", Comparison.Equal, "1"));
        await Expect([0, 3], new DocumentFilter.Any([new DocumentFilter.Sources(["s0"]), Metadata("draft", Comparison.Equal, "true")]));
        await Expect([0], new DocumentFilter.All([Metadata("year", Comparison.Less, "2022"), new DocumentFilter.Not(new DocumentFilter.Sources(["s1"]))]));

        async Task Expect(int[] expected, DocumentFilter filter)
        {
            foreach (var mode in Enum.GetValues<SearchMode>())
            {
                var found = await temporary.Library.SearchAsync(new("moa bird") { Filter = filter, Mode = mode, RemoveNearDuplicates = false });
                Assert.Equal(expected.Select(i => ids[i]).Order(), found.Results.Select(result => result.DocumentId).Order());
            }
        }
    }

    private static DocumentFilter.Metadata Metadata(string key, Comparison comparison, string json) => new(key, comparison, JsonDocument.Parse(json).RootElement);

    [Fact]
    public async Task A_filter_that_is_too_deep_is_refused()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        DocumentFilter filter = new DocumentFilter.Sources(["a"]);
        for (int i = 0; i < 10; i++)
            filter = new DocumentFilter.Not(filter);
        Assert.Equal(
            LibraryFault.InvalidRequest, (await Assert.ThrowsAsync<LibraryException>(() => temporary.Library.SearchAsync(new("a") { Filter = filter }))).Fault);
    }

    [Fact]
    public async Task Only_the_named_collections_are_searched_and_an_unknown_one_is_said()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.AddAsync("a.txt", "The moa was a bird.", collection: "a");
        await temporary.AddAsync("b.txt", "The moa was a big bird.", collection: "b");
        var library = temporary.Library;
        Assert.Equal(["b"], (await library.SearchAsync(new("moa") { Collections = ["b"] })).Results.Select(result => result.Collection));
        Assert.Equal(["a", "b"], (await library.SearchAsync(new("moa"))).Results.Select(result => result.Collection).Order());
        var fault = await Assert.ThrowsAsync<LibraryException>(() => library.SearchAsync(new("moa") { Collections = ["c"] }));
        Assert.Equal(LibraryFault.NotFound, fault.Fault);
    }

    [Fact]
    public async Task Of_passages_that_say_the_same_the_best_alone_is_shown()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.AddAsync("a.txt", "The moa was a large flightless bird of New Zealand that died out.");
        await temporary.AddAsync("b.txt", "The moa was a large flightless bird of New Zealand that died out!");
        await temporary.AddAsync("c.txt", "The moa laid eggs.");
        Assert.Equal(2, (await temporary.Library.SearchAsync(new("moa"))).Results.Count);
        Assert.Equal(3, (await temporary.Library.SearchAsync(new("moa") { RemoveNearDuplicates = false })).Results.Count);
    }

    [Fact]
    public async Task Neighbours_are_joined_into_one_passage_as_long_as_wanted()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync(options => options with { Chunking = new() { TargetLength = 80, Overlap = 40 } });
        string text = string.Join(" ", Enumerable.Range(0, 8).Select(i => $"The moa number {i} is a bird of the island{i}."));
        var added = await temporary.AddAsync("a.txt", text);
        Assert.True(added.Document.Chunks > 4);
        var joined = Assert.Single((await temporary.Library.SearchAsync(new("moa") { Limit = 20, JoinUpTo = 10_000, RemoveNearDuplicates = false })).Results);
        Assert.Equal((0, added.Document.Chunks - 1, text), (joined.FirstChunk, joined.LastChunk, joined.Text));
        var shorter = (await temporary.Library.SearchAsync(new("moa") { Limit = 20, JoinUpTo = 200, RemoveNearDuplicates = false })).Results;
        Assert.True(shorter.Count is > 1 && shorter.All(result => result.End - result.Start <= 200));
        Assert.All(shorter, result => Assert.Equal(text[result.Start..result.End], result.Text));
    }

    [Fact]
    public async Task A_reranker_has_the_last_word()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync(options => options with { Reranker = new LongestFirst() });
        await temporary.AddAsync("a.txt", "moa moa moa");
        await temporary.AddAsync("b.txt", "A moa, in a much longer text than the other one.");
        Assert.Equal("a.txt", (await temporary.Library.SearchAsync(new("moa"))).Results[0].Title);
        var reranked = (await temporary.Library.SearchAsync(new("moa") { Rerank = true })).Results[0];
        Assert.Equal(("b.txt", reranked.Score), (reranked.Title, reranked.Scores.Reranker));
    }

    private sealed class LongestFirst : IReranker
    {
        public Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> passages, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<float>>([.. passages.Select(passage => (float)passage.Length)]);
    }

    [Fact]
    public async Task Signals_tell_how_much_of_the_question_the_best_passage_covers()
    {
        await using var temporary = await BirdsAsync();
        var on = (await temporary.Library.SearchAsync(new("Which flightless birds of New Zealand are moas?"))).Signals;
        var off = (await temporary.Library.SearchAsync(new("How do I configure a database transaction?"))).Signals;
        Assert.Equal(1, on.Coverage, 12);
        Assert.Equal(0, off.Coverage);
        Assert.Equal(0, off.Bm25Ratio);
        Assert.InRange(on.Bm25Ratio, 0.1, 1);
        Assert.True(on.TopCosine > off.TopCosine && on.Score > off.Score && off.IsOffTopic);
    }

    private static async Task<TemporaryLibrary> BirdsAsync()
    {
        var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.AddAsync("moa.txt", "The moa was a flightless bird of New Zealand.");
        await temporary.AddAsync("kiwi.txt", "The kiwi is a flightless bird, too, and sleeps by day.");
        await temporary.AddAsync("train.txt", "Trains run on rails between the cities.");
        return temporary;
    }
}
