using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Models;

namespace Impetus.Engine.Tests.Backends;

/// <summary>Whole models on the CPU backend.</summary>
public sealed class CpuModelTests
{
    private static readonly int[] Prompt = [.. Enumerable.Range(0, 150).Select(i => (i * 37) % 90)];

    [Theory]
    [InlineData("llama", 1)]
    [InlineData("llama", 7)]
    [InlineData("llama", 64)]
    [InlineData("mistral_window", 50)]
    public void A_prompt_in_chunks_gives_the_same_bits(string folder, int chunk)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var model = new LoadedDecoder(Fixture.Path("decoders", folder), backend);
        Assert.Equal(Logits(model, 256), Logits(model, chunk));
        using var oneThread = new CpuBackend(new CpuOptions { Threads = 1 });
        using var single = new LoadedDecoder(Fixture.Path("decoders", folder), oneThread);
        Assert.Equal(Logits(model, 256), Logits(single, chunk));
    }

    [Fact]
    public void A_sequence_beside_others_gives_the_same_bits_as_alone()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var model = new LoadedDecoder(Fixture.Path("decoders", "llama"), backend);
        var alone = Logits(model, 256).AsSpan(^model.Decoder.VocabularySize..).ToArray();

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
