using System.Text.Json;
using Impetus.Engine.Models;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Models;

/// <summary>
/// Tiny checkpoints against mlx-lm and transformers (Fixtures/decoders). Every folder whose <c>model_type</c> we know is tried; a
/// folder that is added is picked up.
/// </summary>
public sealed class DecoderGoldenTests
{
    private static readonly string Root = Fixture.Path("decoders");

    public static TheoryData<string, string> Folders
    {
        get
        {
            var folders = Directory
                .EnumerateFiles(Root, "golden.json", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!))
                .Where(name => Architectures.Known.Contains(ConfigReader.OpenFolder(Path.Combine(Root, name)).Text("model_type")!))
                .Order(StringComparer.Ordinal);
            return [.. folders.SelectMany(folder => TestBackends.Names.Select(backend => (folder, backend)))];
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_and_greedy_tokens_equal_the_reference(string folder, string backend) => Compare(folder, backend, chunk: 256);

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_prompt_fed_in_chunks_gives_the_same_logits(string folder, string backend) => Compare(folder, backend, chunk: 7);

    private static void Compare(string folder, string backend, int chunk) => TestBackends.Run(backend, on =>
    {
        using var golden = new Golden(Path.Combine(Root, folder));
        using var model = new LoadedDecoder(Path.Combine(Root, folder), on);
        Compare(golden, model, chunk);
    });

    internal static void Compare(Golden golden, LoadedDecoder model, int chunk)
    {
        var probe = new DecoderProbe(model.Decoder, model.Backend, chunk);
        foreach (var prompt in golden.Prompts)
        {
            probe.Logits(prompt.Ids, prompt.Ids.Length, (position, logits) =>
            {
                var expected = prompt.Logits.AsSpan(position * logits.Length, logits.Length);
                for (int id = 0; id < logits.Length; id++)
                    Assert.Equal(expected[id], logits[id], golden.Tolerance);
            });
            Assert.Equal(prompt.Greedy, probe.Greedy(prompt.Ids, prompt.Greedy.Length));
        }
    }

    /// <summary>What the reference made of a tiny checkpoint: transformers' results where it and mlx-lm disagree.</summary>
    internal sealed class Golden : IDisposable
    {
        private readonly SafetensorsFile _file;

        public Golden(string folder)
        {
            string transformers = Path.Combine(folder, "golden_transformers.safetensors");
            _file = SafetensorsFile.Open(File.Exists(transformers) ? transformers : Path.Combine(folder, "golden.safetensors"));
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
            Tolerance = json.RootElement.GetProperty("suggested_logits_tolerance_abs").GetSingle();
            for (int i = 0; _file.Tensors.ContainsKey($"prompt{i}.ids"); i++)
                Prompts.Add(new Prompt(Ints($"prompt{i}.ids"), _file.Tensors[$"prompt{i}.logits"].As<float>().ToArray(), Ints($"prompt{i}.greedy")));
            Assert.NotEmpty(Prompts);
        }

        public float Tolerance { get; }

        public List<Prompt> Prompts { get; } = [];

        public void Dispose() => _file.Dispose();

        private int[] Ints(string name) => _file.Tensors[name].As<int>().ToArray();

        public sealed record Prompt(int[] Ids, float[] Logits, int[] Greedy);
    }
}
