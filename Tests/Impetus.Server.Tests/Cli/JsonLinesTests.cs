using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Embedding;
using Impetus.Server.Cli;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus embed` and `impetus rerank`: one JSON object a line in, one a line out.</summary>
public sealed class JsonLinesTests
{
    [Fact]
    public async Task Answers_keep_the_order_of_their_lines_however_long_they_take()
    {
        var second = new TaskCompletionSource();
        var (lines, all) = await RunAsync("""
            {"n": 1}

            {"n": 2}
            """, async line =>
        {
            int n = line.GetProperty("n").GetInt32();
            if (n == 1)
                await second.Task;
            else
                second.SetResult();
            return new JsonObject { ["n"] = n };
        });
        Assert.Equal([1, 2], lines.Select(line => line.GetProperty("n").GetInt32()));
        Assert.True(all);
    }

    [Theory]
    [InlineData("not json", "no JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("""{"text": 3}""", "text must be a text")]
    [InlineData("""{"text": "\ud800"}""", "surrogate")]
    public async Task A_line_that_cannot_be_answered_says_why_and_the_others_are_answered(string line, string told)
    {
        var (lines, all) = await RunAsync($$"""
            {{line}}
            {"text": "fine"}
            """, line => Task.FromResult(new JsonObject { ["text"] = line.Text("text") }));
        Assert.Contains(told, lines[0].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("fine", lines[1].GetProperty("text").GetString());
        Assert.False(all);
    }

    [Fact]
    public async Task Texts_become_embeddings_with_their_tokens()
    {
        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Cpu);
        await using var embedder = await Embedder.LoadAsync(Fixture.Path("encoders", "xlm-roberta-mean"), engine.Backend, engine.Thread);
        string tooLong = string.Join(' ', Enumerable.Repeat("harbour", 200));
        var (lines, _) = await RunAsync($$"""
            {"text": ""}
            {"text": "roof", "prompt": "passage: "}
            {"text": "roof", "input_type": "document"}
            {"text": "roof", "dimensions": 32}
            {"text": "{{tooLong}}"}
            {"text": "roof", "dimensions": 65}
            """, line => EmbedCommand.EmbedAsync(embedder, line));
        Assert.Equal(64, lines[0].GetProperty("embedding").GetArrayLength());
        Assert.Equal(2, lines[0].GetProperty("tokens").GetInt32());
        Assert.Equal(lines[1].GetRawText(), lines[2].GetRawText());
        Assert.Equal(32, lines[3].GetProperty("embedding").GetArrayLength());
        Assert.False(lines[3].TryGetProperty("truncated", out _));
        Assert.True(lines[4].GetProperty("truncated").GetBoolean());
        Assert.Equal(128, lines[4].GetProperty("tokens").GetInt32());
        Assert.Contains("64", lines[5].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_become_scores_in_their_own_order()
    {
        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Cpu);
        await using var reranker = await Reranker.LoadAsync(Fixture.Path("rerankers", "bert"), engine.Backend, engine.Thread);
        var (lines, _) = await RunAsync(
            """{"query": "cat", "documents": ["", "A migrating goose turned north when the wind changed."]}""",
            line => RerankCommand.ScoreAsync(reranker, line));
        Assert.Equal(0.8545213f, lines[0].GetProperty("scores")[0].GetSingle(), 5e-5f);
        Assert.Equal(0.7015147f, lines[0].GetProperty("normalised")[0].GetSingle(), 5e-5f);
        Assert.Equal(2, lines[0].GetProperty("scores").GetArrayLength());
    }

    private static async Task<(List<JsonElement> Lines, bool All)> RunAsync(string input, Func<JsonElement, Task<JsonObject>> answer)
    {
        using var output = new StringWriter();
        bool all = await JsonLines.RunAsync(new StringReader(input), output, answer);
        return ([.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)], all);
    }
}
