using Impetus.Native.Interop;

namespace Impetus.Native.Tests;

public sealed unsafe class MlxArrayTests
{
    [Fact]
    public void Ten_thousand_arrays_made_and_freed_leave_nothing() => Mlx.OnOwnThread(() =>
    {
        long live = MlxArray.Live, before = Active();
        float value = 1;
        for (int round = 0; round < 10_000; round++)
        {
            using var array = MlxArray.From(&value, [1], mlx_dtype.MLX_FLOAT32);
        }

        Assert.Equal(live, MlxArray.Live);
        Assert.Equal(before, Active());
    });

    [Fact]
    public void Numbers_go_in_and_come_out() => Mlx.OnOwnThread(() =>
    {
        float[] numbers = [1, 2, 3, 4, 5, 6];
        fixed (float* data = numbers)
        {
            using var array = MlxArray.From(data, [2, 3], mlx_dtype.MLX_FLOAT32);
            MlxError.Check(MlxC.mlx_array_eval(array.Handle));

            Assert.Equal((2, 3, 6L, mlx_dtype.MLX_FLOAT32), (array.Extent(0), array.Extent(-1), array.Count, array.Type));
            Assert.Equal(numbers, new ReadOnlySpan<float>(MlxC.mlx_array_data_float32(array.Handle), 6).ToArray());
        }
    });

    [Fact]
    public void An_error_carries_the_librarys_own_message() => Mlx.OnOwnThread(() =>
    {
        float[] numbers = new float[6];
        var stream = MlxC.mlx_default_cpu_stream_new();
        fixed (float* data = numbers)
        {
            using var a = MlxArray.From(data, [2, 3], mlx_dtype.MLX_FLOAT32);
            var error = Assert.Throws<MlxException>(() =>
            {
                mlx_array result = default;
                MlxError.Check(MlxC.mlx_matmul(&result, a.Handle, a.Handle, stream));
            });

            Assert.Contains("matmul", error.Message, StringComparison.Ordinal);
        }

        _ = MlxC.mlx_stream_free(stream);
    });

    [Fact]
    public void Another_thread_is_turned_away() => Mlx.OnOwnThread(() =>
    {
        Exception? fault = null;
        var other = new Thread(() => fault = Record.Exception(() =>
        {
            float value = 1;
            using var array = MlxArray.From(&value, [1], mlx_dtype.MLX_FLOAT32);
        }));
        other.Start();
        other.Join();

        Assert.IsType<InvalidOperationException>(fault);
    });

    [Theory]
    [InlineData("/models/100%s%n", "weight")]
    [InlineData("/models/none", "layer%n.weight")]
    public void A_percent_sign_in_a_path_or_a_name_never_reaches_printf(string path, string name) => Mlx.OnOwnThread(() =>
    {
        var map = MlxC.mlx_map_string_to_array_new();
        var error = Assert.Throws<ArgumentException>(() =>
        {
            mlx_array value = default;
            _ = MlxC.mlx_map_string_to_array_get(&value, map, name);
            mlx_map_string_to_array tensors = default;
            mlx_map_string_to_string metadata = default;
            _ = MlxC.mlx_load_safetensors(&tensors, &metadata, path, default);
        });

        Assert.Contains("percent sign", error.Message, StringComparison.Ordinal);
        _ = MlxC.mlx_map_string_to_array_free(map);
    });

    private static long Active()
    {
        nuint bytes = 0;
        MlxError.Check(MlxC.mlx_get_active_memory(&bytes));
        return (long)bytes;
    }
}
