using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Tests.Backends;

/// <summary>Compiled chains against the same single operations. On MLX's CPU device compiling is forced, and needs a C++ compiler.</summary>
public sealed class MlxActivationsTests
{
    [Fact]
    public unsafe void Compiled_chains_compute_what_single_operations_do_for_every_shape_and_leave_nothing()
    {
        RequireCompiler();
        using var turn = TestBackends.TakeMlx();
        using var backend = new MlxBackend();
        MlxError.Check(MlxC.mlx_enable_compile());
        var stream = backend.OnMetal ? MlxC.mlx_default_gpu_stream_new() : MlxC.mlx_default_cpu_stream_new();
        try
        {
            var ops = new MlxOps(stream);
            long arrays = MlxArray.Live, functions = MlxClosure.Live;
            using var plain = new MlxActivations(ops, compiles: false);
            using (var compiled = new MlxActivations(ops, compiles: true))
            {
                foreach (var activation in Enum.GetValues<Activation>())
                {
                    foreach (int rows in new[] { 1, 5, 1 })
                    {
                        using MlxArray x = Numbers(rows, 0.37f), y = Numbers(rows, 0.23f);
                        Same(() => plain.Activated(x, activation), () => compiled.Activated(x, activation));
                        Same(() => plain.Gated(x, y, activation), () => compiled.Gated(x, y, activation));
                    }
                }

                // Six gates, and the four activations that are chains.
                Assert.Equal(10, MlxClosure.Live - functions);
            }

            Assert.Equal((arrays, functions), (MlxArray.Live, MlxClosure.Live));
        }
        finally
        {
            if (!backend.OnMetal)
                MlxError.Check(MlxC.mlx_disable_compile());
            _ = MlxC.mlx_stream_free(stream);
        }
    }

    [Fact]
    public async Task A_model_compiles_on_metal_only_and_frees_its_graphs_with_the_backend()
    {
        long before = MlxClosure.Live;
        await using (var server = await MlxServer.StartAsync(Fixture.Path("decoders", "llama")))
        {
            await using var scheduler = server.Serve();
            await MlxServer.AskAsync(scheduler, MlxServer.Greedy(prompt: 5, answer: 2));
            Assert.Equal(server.Backend.OnMetal ? 1 : 0, MlxClosure.Live - before);
        }

        Assert.Equal(before, MlxClosure.Live);
    }

    private static unsafe void Same(Func<MlxArray> plain, Func<MlxArray> compiled)
    {
        using MlxArray expected = plain(), actual = compiled();
        MlxError.Check(MlxC.mlx_array_eval(expected.Handle));
        MlxError.Check(MlxC.mlx_array_eval(actual.Handle));
        float* one = MlxC.mlx_array_data_float32(expected.Handle), other = MlxC.mlx_array_data_float32(actual.Handle);
        Assert.Equal(expected.Count, actual.Count);
        for (long i = 0; i < expected.Count; i++)
            Assert.Equal(one[i], other[i], 1e-6f * Math.Max(1, Math.Abs(one[i])));
    }

    private static unsafe MlxArray Numbers(int rows, float step)
    {
        float[] numbers = [.. Enumerable.Range(0, rows * 64).Select(i => MathF.Sin(i * step) * 6)];
        fixed (float* data = numbers)
            return MlxArray.From(data, [rows, 64], mlx_dtype.MLX_FLOAT32);
    }

    private static unsafe void RequireCompiler()
    {
        Assert.SkipUnless(MlxBackend.IsAvailable(out string? reason), reason ?? "");
        byte metal = 0;
        MlxError.Check(MlxC.mlx_metal_is_available(&metal));
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(metal != 0 || folders.Any(folder => File.Exists(Path.Combine(folder, "g++"))), "There is no g++, which MLX's CPU device compiles with.");
    }
}
