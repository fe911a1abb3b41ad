using System.Net;
using System.Text.Json;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.OpenAi;

/// <summary>The rerank routes on a tiny cross-encoder.</summary>
public sealed class RerankTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.InMemoryAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/rerank")]
    public async Task Documents_come_best_first_with_raw_and_normalised_scores(string path)
    {
        string folder = _server.Install("bert", "rerankers", "bert");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        var pairs = golden.RootElement.GetProperty("pairs").EnumerateArray().Take(2).ToList();
        string documents = JsonSerializer.Serialize(pairs.Select(pair => pair.Text("document")));

        var answer = await RerankAsync($$"""{"model": "tests/bert", "query": "{{pairs[0].Text("query")}}", "documents": {{documents}}}""", path);

        Assert.Equal("tests/bert", answer.Text("model"));
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal([0, 1], results.Select(result => result.GetProperty("index").GetInt32()));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(pairs[i].GetProperty("score").GetSingle(), results[i].GetProperty("raw_score").GetSingle(), 5e-5f);
            Assert.Equal(pairs[i].GetProperty("sigmoid").GetSingle(), results[i].GetProperty("relevance_score").GetSingle(), 5e-5f);
            Assert.False(results[i].TryGetProperty("document", out _));
        }

        Assert.Equal(pairs.Sum(pair => pair.GetProperty("tokens").GetInt32()), answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Only_the_best_are_sent_with_their_texts_when_asked_for()
    {
        _server.Install("bert", "rerankers", "bert");
        var all = await RerankAsync("""{"model": "tests/bert", "query": "roof", "documents": ["a", {"text": "b"}, "c"], "return_documents": true}""");
        var best = await RerankAsync("""{"model": "tests/bert", "query": "roof", "documents": ["a", {"text": "b"}, "c"], "top_n": 1}""");

        var results = all.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(3, results.Count);
        Assert.All(results, result => Assert.Equal(((string[])["a", "b", "c"])[result.GetProperty("index").GetInt32()], result.GetProperty("document").Text("text")));
        float[] scores = [.. results.Select(result => result.GetProperty("raw_score").GetSingle())];
        Assert.Equal(scores.OrderDescending(), scores);
        var only = Assert.Single(best.GetProperty("results").EnumerateArray());
        Assert.Equal(results[0].GetProperty("index").GetInt32(), only.GetProperty("index").GetInt32());
    }

    [Theory]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2")]
    [InlineData("BAAI/bge-reranker-v2-m3")]
    public async Task Without_a_reranker_the_answer_says_what_to_install(string model)
    {
        var error = await RefusedAsync($$"""{"model": "{{model}}", "query": "a", "documents": ["b"]}""", "no_reranker");
        Assert.Equal("model", error.Text("param"));
        Assert.Contains("Install", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_embedding_model_is_refused_with_the_rerankers_that_are_here()
    {
        _server.Install("bert", "rerankers", "bert");
        var error = await RefusedAsync("""{"model": "sentence-transformers/all-MiniLM-L6-v2", "query": "a", "documents": ["b"]}""", "model_not_supported");
        Assert.Contains("tests/bert", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_that_is_too_long_is_refused_with_index_and_both_numbers_or_cut_and_reported()
    {
        _server.Install("bert", "rerankers", "bert");
        string tooLong = string.Join(' ', Enumerable.Repeat("harbour", 200));
        var error = await RefusedAsync($$"""{"model": "tests/bert", "query": "a", "documents": ["b", "{{tooLong}}"]}""", "context_length_exceeded");
        Assert.Equal("documents[1]", error.Text("param"));
        Assert.Contains("128", error.Text("message"), StringComparison.Ordinal);

        var answer = await RerankAsync($$"""{"model": "tests/bert", "query": "a", "documents": ["b", "{{tooLong}}"], "truncate": true}""");
        Assert.Equal([1], answer.GetProperty("truncated").EnumerateArray().Select(index => index.GetInt32()));
    }

    [Theory]
    [InlineData("""{"model": "tests/bert", "query": "", "documents": ["b"]}""", "query")]
    [InlineData("""{"model": "tests/bert", "query": "a", "documents": []}""", "documents")]
    [InlineData("""{"model": "tests/bert", "query": "a", "documents": [3]}""", "documents[0]")]
    [InlineData("""{"model": "tests/bert", "query": "a", "documents": ["b"], "top_n": 0}""", "top_n")]
    [InlineData("""{"model": "tests/bert", "documents": ["b"]}""", "query")]
    public async Task A_field_that_is_wrong_is_named(string body, string param)
    {
        var error = await RefusedAsync(body, null);
        Assert.Equal(param, error.Text("param"));
    }

    private async Task<JsonElement> RerankAsync(string body, string path = "/v1/rerank")
    {
        var response = await _server.Client.PostJsonAsync(path, body);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    private async Task<JsonElement> RefusedAsync(string body, string? code) =>
        await (await _server.Client.PostJsonAsync("/v1/rerank", body)).ErrorAsync(HttpStatusCode.BadRequest, code);
}
