using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Models;

namespace Impetus.Engine.Tests.Backends;

/// <summary>Whole models on the CPU backend.</summary>
public sealed class CpuModelTests
{
    private static readonly int[] Prompt = [.. Enumerable.Range(0, 150).Select(i => (i * 37) % 90)];

    public static TheoryData<string> Folders => DecoderGoldenTests.Folders;

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_and_greedy_tokens_equal_the_reference(string folder)
    {
        using var golden = new DecoderGoldenTests.Golden(Fixture.Path("decoders", folder));
        using var model = new LoadedDecoder(Fixture.Path("decoders", folder), new CpuBackend());
        DecoderGoldenTests.Compare(golden, model, chunk: 256);
    }

    [Theory]
    [InlineData("llama", 1)]
    [InlineData("llama", 7)]
    [InlineData("llama", 64)]
    [InlineData("mistral_window", 50)]
    public void A_prompt_in_chunks_gives_the_same_bits(string folder, int chunk)
    {
        using var model = new LoadedDecoder(Fixture.Path("decoders", folder), new CpuBackend(new CpuOptions { Threads = 2 }));
        Assert.Equal(Logits(model, 256), Logits(model, chunk));
        using var single = new LoadedDecoder(Fixture.Path("decoders", folder), new CpuBackend(new CpuOptions { Threads = 1 }));
        Assert.Equal(Logits(model, 256), Logits(single, chunk));
    }

    [Fact]
    public void A_sequence_beside_others_gives_the_same_bits_as_alone()
    {
        using var model = new LoadedDecoder(Fixture.Path("decoders", "llama"), new CpuBackend(new CpuOptions { Threads = 2 }));
        var alone = Logits(model, 256).AsSpan(^model.Decoder.VocabularySize..).ToArray();

        var backend = model.Backend;
        using var cache = backend.CreateCache(model.Decoder.Layers);
        using var other = backend.CreateCache(model.Decoder.Layers);
        int[] tokens = [5, 6, 7, .. Prompt, 8];
        using var scope = backend.Scope();
        using var batch = backend.Begin([new BatchRow(3, other), new BatchRow(Prompt.Length, cache), new BatchRow(1)], tokens);
        var logits = model.Decoder.Forward(batch)!;
        var all = new float[logits.Shape.Count];
        backend.Read(logits, all);
        Assert.Equal(alone, all.AsSpan(logits.Shape[1], logits.Shape[1]).ToArray());
    }

    private static float[] Logits(LoadedDecoder model, int chunk)
    {
        var all = new List<float>();
        new DecoderProbe(model.Decoder, model.Backend, chunk).Logits(Prompt, Prompt.Length, (_, logits) => all.AddRange(logits));
        return [.. all];
    }
}
