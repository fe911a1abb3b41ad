using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>Raw scores on the reference's own token ids (Fixtures/rerankers). A folder that is added is picked up.</summary>
public sealed class CrossEncoderScoreTests
{
    private const float Tolerance = 5e-5f;

    public static TheoryData<string, string> Folders => [.. EncoderGolden.Folders("rerankers")
        .SelectMany(name => TestBackends.Names.Select(backend => (name, backend)))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Raw_scores_equal_the_reference(string folder, string on) => TestBackends.Run(on, backend =>
    {
        using var golden = new EncoderGolden(Fixture.Path("rerankers", folder));
        var config = ConfigReader.OpenFolder(golden.Folder);
        using var checkpoint = Checkpoint.Open(golden.Folder, config);
        var weights = new ModelWeights(checkpoint, backend);
        bool asks = CrossEncoders.AsksYesOrNo(config);
        using var model = asks
            ? CrossEncoders.LoadYesOrNo(config, weights, golden.Root.GetProperty("yes_id").GetInt32(), golden.Root.GetProperty("no_id").GetInt32())
            : CrossEncoders.Load(config, weights);
        foreach (var pair in golden.Items)
        {
            float expected = asks
                ? pair.GetProperty("logit_yes").GetSingle() - pair.GetProperty("logit_no").GetSingle()
                : pair.GetProperty("score").GetSingle();
            int[] ids = EncoderGolden.Ids(pair);
            int[] types = pair.TryGetProperty("token_type_ids", out _) ? EncoderGolden.Ids(pair, "token_type_ids") : [];
            using var scope = backend.Scope();
            using var batch = backend.Begin([new BatchRow(ids.Length, Bidirectional: model.Bidirectional)], ids, types);
            var score = new float[1];
            backend.Read(model.Forward(batch), score);
            EncoderGolden.Close([expected], score, Tolerance, $"pair {pair.GetProperty("i")}");
        }
    });
}
