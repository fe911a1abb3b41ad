using Impetus.Engine.Embedding;
using Impetus.Engine.Tests.Conformance;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>Whole folders against sentence-transformers' CrossEncoder (Fixtures/rerankers): texts in, scores out.</summary>
public sealed class RerankerGoldenTests
{
    private const float Tolerance = 5e-5f;

    public static TheoryData<string> Folders => [.. EncoderGolden.Folders("rerankers")];

    public static TheoryData<string, string> FoldersByBackend =>
        [.. EncoderGolden.Folders("rerankers").SelectMany(folder => TestBackends.Names.Select(backend => (folder, backend)))];

    [Theory]
    [MemberData(nameof(FoldersByBackend))]
    public async Task Scores_equal_the_reference(string folder, string backend)
    {
        using var golden = new EncoderGolden(Fixture.Path("rerankers", folder));
        await using var engine = await TestEngine.StartAsync(backend);
        await using var reranker = await Reranker.LoadAsync(golden.Folder, engine.Backend, engine.Thread);
        foreach (var pair in golden.Items)
        {
            var score = Assert.Single(await reranker.ScoreAsync(pair.GetProperty("query").GetString()!, [pair.GetProperty("document").GetString()!]));
            bool asks = pair.TryGetProperty("logit_yes", out var yes);
            float raw = asks ? yes.GetSingle() - pair.GetProperty("logit_no").GetSingle() : pair.GetProperty("score").GetSingle();
            float normalised = pair.GetProperty(asks ? "score" : "sigmoid").GetSingle();
            EncoderGolden.Close([raw, normalised], [score.Raw, score.Normalised], Tolerance, $"pair {pair.GetProperty("i")}");
            Assert.Equal(pair.GetProperty("tokens").GetInt32(), score.TokenCount);
            Assert.Equal(pair.GetProperty("tokens_full").GetInt32() > score.TokenCount, score.Truncated);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task A_pair_that_is_too_long_is_refused_unless_it_may_be_cut(string folder)
    {
        await using var engine = await TestEngine.StartAsync("cpu");
        await using var reranker = await Reranker.LoadAsync(Fixture.Path("rerankers", folder), engine.Backend, engine.Thread);
        string tooLong = string.Join(' ', Enumerable.Repeat("harbour", reranker.MaxTokens));

        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => reranker.ScoreAsync("Where?", ["here", tooLong], truncate: false));

        Assert.Equal(EmbeddingFault.InputTooLong, refused.Fault);
        Assert.Equal(1, refused.Index);
        Assert.Contains($"{reranker.MaxTokens}", refused.Message, StringComparison.Ordinal);
    }
}
