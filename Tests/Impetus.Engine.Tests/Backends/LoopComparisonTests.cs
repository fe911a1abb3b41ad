using Impetus.Engine.Backends;
using Impetus.Engine.Tests.Conformance;

namespace Impetus.Engine.Tests.Backends;

/// <summary>Two loops that write the same; how long they take is measured elsewhere.</summary>
public sealed class LoopComparisonTests
{
    [Theory]
    [InlineData("llama_float32")]
    [InlineData("llama3_tied")]
    [InlineData("quantized/llama_q4_g64")]
    public async Task The_bare_loop_writes_what_ours_writes(string name)
    {
        string folder = Fixture.Path(["decoders", .. name.Split('/')]);
        using var turn = TestBackends.TakeMlx();
        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Mlx);
        var compared = await LoopComparison.MeasureAsync(folder, engine, prompt: 20, answer: 30, rounds: 1);

        Assert.NotNull(compared);
        Assert.Equal(29, compared.Steps);
        Assert.True(compared.Operations > 40);
        // What our loop allocates is bounded: some kilobytes for each of these two layers.
        Assert.InRange(compared.Ours.AllocatedBytes, 1, 16_384);
    }

    [Fact]
    public async Task There_is_none_on_the_cpu_engine()
    {
        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Cpu);
        Assert.Null(await LoopComparison.MeasureAsync(Fixture.Path("decoders", "llama"), engine, prompt: 4, answer: 4, rounds: 1));
    }
}
