using System.Text.Json;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>What the reference made of one folder of Fixtures/encoders or Fixtures/rerankers.</summary>
internal sealed class EncoderGolden : IDisposable
{
    private readonly JsonDocument _json;
    private readonly SafetensorsFile? _tensors;

    public EncoderGolden(string folder)
    {
        Folder = folder;
        _json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        string tensors = Path.Combine(folder, "golden.safetensors");
        _tensors = File.Exists(tensors) ? SafetensorsFile.Open(tensors) : null;
    }

    public string Folder { get; }

    public JsonElement Root => _json.RootElement;

    /// <summary>The limit on hidden states that the fixtures' README calls fair.</summary>
    public float HiddenTolerance => ConfigReader.OpenFolder(Folder).Text("model_type") == "modernbert" ? 3e-4f : 5e-5f;

    public IReadOnlyList<JsonElement> Items => [.. (Root.TryGetProperty("inputs", out var inputs) ? inputs : Root.GetProperty("pairs")).EnumerateArray()];

    public IReadOnlyCollection<string> Names => [.. _tensors?.Tensors.Keys ?? []];

    /// <summary>A tensor's numbers.</summary>
    public float[] Numbers(string name) => _tensors!.Tensors[name].As<float>().ToArray();

    /// <summary>One row of a matrix.</summary>
    public float[] Row(string name, int row)
    {
        int width = _tensors!.Tensors[name].Shape[1];
        return _tensors.Tensors[name].As<float>().Slice(row * width, width).ToArray();
    }

    public static int[] Ids(JsonElement item, string name = "ids") => [.. item.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>All folders under one of the fixtures that have a golden.json.</summary>
    public static IEnumerable<string> Folders(string fixture) => Directory
        .EnumerateDirectories(Fixture.Path(fixture))
        .Where(folder => File.Exists(Path.Combine(folder, "golden.json")))
        .Select(folder => Path.GetFileName(folder))
        .Order(StringComparer.Ordinal);

    public static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance, $"{what}[{i}]: expected {expected[i]}, was {actual[i]}, off by {expected[i] - actual[i]}");
    }

    public void Dispose()
    {
        _json.Dispose();
        _tensors?.Dispose();
    }
}
