using Impetus.Server.Cli;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus embed` and `impetus rerank`: one JSON object a line in, one a line out.</summary>
public sealed class EmbedCommandTests
{
    [Fact]
    public async Task Texts_become_embeddings_with_their_tokens()
    {
        string tooLong = string.Join(' ', Enumerable.Repeat("harbour", 200));

        var run = await CommandRun.Of(
            [
                """{"text": ""}""", """{"text": "roof", "prompt": "passage: "}""", """{"text": "roof", "input_type": "document"}""",
                """{"text": "roof", "dimensions": 32}""", $$"""{"text": "{{tooLong}}"}""", """{"text": "roof", "dimensions": 65}""",
            ],
            "embed", "--model", Fixture.Path("encoders", "xlm-roberta-mean"));

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var lines = run.Answers;
        Assert.Equal(64, lines[0].GetProperty("embedding").GetArrayLength());
        Assert.Equal(2, lines[0].GetProperty("tokens").GetInt32());
        Assert.Equal(lines[1].GetRawText(), lines[2].GetRawText());
        Assert.Equal(32, lines[3].GetProperty("embedding").GetArrayLength());
        Assert.False(lines[3].TryGetProperty("truncated", out _));
        Assert.True(lines[4].GetProperty("truncated").GetBoolean());
        Assert.Equal(128, lines[4].GetProperty("tokens").GetInt32());
        Assert.Contains("64", lines[5].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_become_scores_in_their_own_order()
    {
        var run = await CommandRun.Of(
            ["""{"query": "cat", "documents": ["", "A migrating goose turned north when the wind changed."]}""", """{"query": "cat"}"""],
            "rerank", "--model", Fixture.Path("rerankers", "bert"));

        Assert.Equal(0.8545213f, run.Answers[0].GetProperty("scores")[0].GetSingle(), 5e-5f);
        Assert.Equal(0.7015147f, run.Answers[0].GetProperty("normalised")[0].GetSingle(), 5e-5f);
        Assert.Equal(2, run.Answers[0].GetProperty("scores").GetArrayLength());
        Assert.Equal("documents is missing.", run.Answers[1].GetProperty("error").GetString());
    }
}
