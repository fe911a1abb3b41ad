using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Impetus.Native.Interop;

namespace Impetus.Native.Tests;

/// <summary>Kernels of one's own: all that they need is bound; where there is no Metal, MLX says so.</summary>
public sealed unsafe partial class MlxMetalKernelTests
{
    private const int Rounds = 200_000;

    [Fact]
    public void Every_function_that_the_library_has_for_them_is_bound()
    {
        string bytes = Encoding.Latin1.GetString(File.ReadAllBytes(Mlx.Open().Path));
        string[] exported = [.. Exported().Matches(bytes).Select(match => match.Value).Distinct()];

        Assert.True(exported.Length >= 13);
        Assert.All(exported, name => Assert.NotNull(typeof(MlxC).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)));
    }

    [Fact]
    public void A_kernel_computes_on_metal_and_is_an_error_elsewhere() => Mlx.OnOwnThread(() =>
    {
        byte metal = 0;
        MlxError.Check(MlxC.mlx_metal_is_available(&metal));
        if (metal != 0)
        {
            Assert.Equal([2, 3, 4], AddOne([1, 2, 3]));
            return;
        }

        for (int round = 0; round < 1000; round++)
            Assert.Contains("Metal", Assert.Throws<MlxException>(() => AddOne([1, 2, 3])).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Calling_without_a_kernel_is_an_error() => Mlx.OnOwnThread(() =>
    {
        var inputs = MlxC.mlx_vector_array_new();
        var config = Config(3);
        var stream = MlxC.mlx_default_cpu_stream_new();
        var error = Assert.Throws<MlxException>(() =>
        {
            mlx_vector_array outputs = default;
            MlxError.Check(MlxC.mlx_fast_metal_kernel_apply(&outputs, default, inputs, config, stream));
        });

        Assert.Contains("kernel", error.Message, StringComparison.Ordinal);
        _ = MlxC.mlx_stream_free(stream);
        _ = MlxC.mlx_vector_array_free(inputs);
        MlxC.mlx_fast_metal_kernel_config_free(config);
    });

    [Fact]
    public void Configurations_made_and_freed_leave_nothing() => Mlx.OnOwnThread(() =>
    {
        for (int round = 0; round < Rounds / 10; round++)
            MlxC.mlx_fast_metal_kernel_config_free(Config(3));
        long before = Environment.WorkingSet;
        for (int round = 0; round < Rounds; round++)
            MlxC.mlx_fast_metal_kernel_config_free(Config(3));

        // One that stayed would take some hundred bytes.
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, Rounds * 50L);
    });

    private static float[] AddOne(float[] numbers)
    {
        mlx_vector_string inputNames = MlxC.mlx_vector_string_new(), outputNames = MlxC.mlx_vector_string_new();
        mlx_vector_array inputs = MlxC.mlx_vector_array_new(), outputs = default;
        var config = Config(numbers.Length);
        mlx_fast_metal_kernel kernel = default;
        mlx_stream stream = default;
        try
        {
            MlxError.Check(MlxC.mlx_vector_string_append_value(inputNames, "x"));
            MlxError.Check(MlxC.mlx_vector_string_append_value(outputNames, "y"));
            kernel = MlxC.mlx_fast_metal_kernel_new(
                "add_one", inputNames, outputNames, "uint i = thread_position_in_grid.x; y[i] = x[i] + T(1);", "", true, false);
            MlxError.CheckHandle(kernel.ctx);
            stream = MlxC.mlx_default_gpu_stream_new();
            fixed (float* data = numbers)
            {
                using var x = MlxArray.From(data, [numbers.Length], mlx_dtype.MLX_FLOAT32);
                MlxError.Check(MlxC.mlx_vector_array_append_value(inputs, x.Handle));
            }

            MlxError.Check(MlxC.mlx_fast_metal_kernel_apply(&outputs, kernel, inputs, config, stream));
            mlx_array result = default;
            MlxError.Check(MlxC.mlx_vector_array_get(&result, outputs, 0));
            using var y = new MlxArray(result);
            MlxError.Check(MlxC.mlx_array_eval(y.Handle));
            return new ReadOnlySpan<float>(MlxC.mlx_array_data_float32(y.Handle), numbers.Length).ToArray();
        }
        finally
        {
            MlxC.mlx_fast_metal_kernel_config_free(config);
            if (kernel.ctx != 0)
                MlxC.mlx_fast_metal_kernel_free(kernel);
            if (stream.ctx != 0)
                _ = MlxC.mlx_stream_free(stream);
            if (outputs.ctx != 0)
                _ = MlxC.mlx_vector_array_free(outputs);
            _ = MlxC.mlx_vector_array_free(inputs);
            _ = MlxC.mlx_vector_string_free(inputNames);
            _ = MlxC.mlx_vector_string_free(outputNames);
        }
    }

    private static mlx_fast_metal_kernel_config Config(int length)
    {
        var config = MlxC.mlx_fast_metal_kernel_config_new();
        MlxError.CheckHandle(config.ctx);
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_add_output_arg(config, &length, 1, mlx_dtype.MLX_FLOAT32));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_add_template_arg_dtype(config, "T", mlx_dtype.MLX_FLOAT32));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_add_template_arg_int(config, "N", length));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_add_template_arg_bool(config, "B", true));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_set_grid(config, length, 1, 1));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_set_thread_group(config, length, 1, 1));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_set_init_value(config, 0));
        MlxError.Check(MlxC.mlx_fast_metal_kernel_config_set_verbose(config, false));
        return config;
    }

    [GeneratedRegex("(?<=\0_?)mlx_fast_metal_kernel[a-z_]*[a-z](?=\0)")]
    private static partial Regex Exported();
}
