using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>Encoders layer by layer against sentence-transformers (Fixtures/encoders). A folder that is added is picked up.</summary>
public sealed class HiddenStateTests
{
    public static TheoryData<string, string> Folders => [.. EncoderGolden.Folders("encoders")
        .Where(name => name != "model2vec")
        .SelectMany(name => TestBackends.Names.Select(backend => (name, backend)))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_layer_equals_the_reference(string folder, string on) => TestBackends.Run(on, backend =>
    {
        using var golden = new EncoderGolden(Fixture.Path("encoders", folder));
        int input = golden.Root.GetProperty("hidden_input").GetInt32();
        int[] ids = EncoderGolden.Ids(golden.Items[input]);

        var config = ConfigReader.OpenFolder(golden.Folder);
        using var checkpoint = Checkpoint.Open(golden.Folder, config);
        using var encoder = (LayeredEncoder)Encoders.Load(config, new ModelWeights(checkpoint, backend));
        using var scope = backend.Scope();
        using var batch = backend.Begin([new BatchRow(ids.Length, Bidirectional: encoder.Bidirectional)], ids);
        int layer = 0;
        encoder.Watch = x => Compare(golden, $"hidden.{layer++}", backend, x);

        Compare(golden, "last_hidden_state", backend, encoder.Forward(batch));

        Assert.Equal(golden.Names.Count(name => name.StartsWith("hidden.", StringComparison.Ordinal)), layer);
    });

    private static void Compare(EncoderGolden golden, string name, IBackend backend, Tensor x)
    {
        var actual = new float[x.Shape.Count];
        backend.Read(x, actual);
        EncoderGolden.Close(golden.Numbers(name), actual, golden.HiddenTolerance, name);
    }
}
