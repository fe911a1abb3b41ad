using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Mlx;

namespace Impetus.Engine.Tests.Backends;

public sealed class MlxMemoryTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData("SmolLM2-135M-Instruct")]
    [Trait("Weights", "real")]
    public async Task A_loaded_model_takes_little_more_than_its_file(string name)
    {
        string folder = Fixture.Model(name);
        long file = Directory.EnumerateFiles(folder, "*.safetensors").Sum(path => new FileInfo(path).Length);
        await using var server = await MlxServer.StartAsync(folder);
        long active = await server.Engine.InvokeAsync(() => server.Backend.ActiveBytes);

        // On the CPU device scales become f32.
        Assert.InRange(active, file * 0.9, file * (server.Backend.OnMetal ? 1.10 : 1.25));
    }

    [Theory]
    [InlineData(5 * Gigabyte, 5 * Gigabyte / 16)]
    [InlineData(1 * Gigabyte, 128L << 20)]
    [InlineData(96 * Gigabyte, 2 * Gigabyte)]
    public void Limits_follow_what_the_device_recommends(long recommended, long cache) =>
        Assert.Equal(new MlxMemoryPlan(recommended, cache, recommended), MlxMemoryPlan.For(recommended));

    [Theory]
    [InlineData("0.31.2", true, true)]
    [InlineData("0.32.0", true, false)]
    [InlineData("0.31.2", false, false)]
    public void An_mlx_that_ends_the_process_on_a_gpu_fault_is_told_of(string version, bool onMetal, bool told) =>
        Assert.Equal(told, BackendFactory.Caution(new Version(version), onMetal).Contains("update", StringComparison.Ordinal));
}
