using Impetus.Native.Interop;

namespace Impetus.Native.Tests;

public sealed unsafe class MlxClosureTests
{
    [Fact]
    public void Ten_thousand_functions_made_applied_and_freed_leave_nothing() => Mlx.OnOwnThread(() =>
    {
        long arrays = MlxArray.Live;
        using (var x = Vector(1, 2, 3))
        {
            for (int round = 0; round < 10_000; round++)
            {
                using var twice = new MlxClosure(inputs => Sum(inputs[0], inputs[0]));
                using var y = twice.Apply(x);
                if (round == 0)
                    Assert.Equal([2, 4, 6], Numbers(y));
            }
        }

        Assert.Equal((arrays, 0), (MlxArray.Live, MlxClosure.Live));
    });

    [Fact]
    public void What_a_function_throws_arrives_as_an_error_of_mlx() => Mlx.OnOwnThread(() =>
    {
        using var x = Vector(1);
        using var failing = new MlxClosure(_ => throw new InvalidOperationException("not today"));
        var error = Assert.Throws<MlxException>(() => failing.Apply(x));
        Assert.Contains("not today", error.Message, StringComparison.Ordinal);

        using var wrong = new MlxClosure(inputs => Sum(inputs[0], inputs[1]));
        using var y = Vector(1, 2);
        using var z = Vector(1, 2, 3);
        Assert.Contains("broadcast", Assert.Throws<MlxException>(() => wrong.Apply(y, z)).Message, StringComparison.Ordinal);
        using var right = wrong.Apply(y, y);
        Assert.Equal([2, 4], Numbers(right));
    });

    [Fact]
    public void A_compiled_function_is_traced_once_for_all_shapes_and_gives_back_all_that_it_held()
    {
        Mlx.RequireCompiler();
        Mlx.OnOwnThread(TraceAndFree);
    }

    [Fact]
    public void Only_the_thread_of_mlx_frees_one() => Mlx.OnOwnThread(() =>
    {
        using var function = new MlxClosure(inputs => Sum(inputs[0], inputs[0]));
        Exception? fault = null;
        var other = new Thread(() => fault = Record.Exception(function.Dispose));
        other.Start();
        other.Join();

        Assert.IsType<InvalidOperationException>(fault);
        Assert.Equal(1, MlxClosure.Live);
    });

    [Fact]
    public void A_forgotten_one_is_freed_on_the_thread_of_mlx() => Mlx.OnOwnThread(() =>
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(1, MlxClosure.Live);
        MlxThread.FreeAbandoned();
        Assert.Equal(0, MlxClosure.Live);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget() => GC.KeepAlive(new MlxClosure(inputs => Sum(inputs[0], inputs[0])));
    });

    private static void TraceAndFree()
    {
        MlxError.Check(MlxC.mlx_enable_compile());
        long arrays = MlxArray.Live;
        for (int round = 0; round < 3; round++)
        {
            int traces = 0;
            using var plain = new MlxClosure(inputs =>
            {
                traces++;
                using var sum = Sum(inputs[0], inputs[1]);
                return Sum(sum, inputs[1]);
            });
            using var compiled = plain.Compile(shapeless: true);
            // The compiled graph holds the function by itself.
            plain.Dispose();
            foreach (int length in new[] { 3, 3, 70 })
            {
                using MlxArray x = Vector(new float[length]), y = Vector([.. Enumerable.Range(0, length).Select(i => (float)i)]);
                using var z = compiled.Apply(x, y);
                Assert.Equal(Enumerable.Range(0, length).Select(i => 2f * i), Numbers(z));
            }

            Assert.Equal((1, 1), (traces, MlxClosure.Live));
        }

        Assert.Equal((arrays, 0), (MlxArray.Live, MlxClosure.Live));
    }

    private static MlxArray Vector(params float[] numbers)
    {
        fixed (float* data = numbers)
            return MlxArray.From(data, [numbers.Length], mlx_dtype.MLX_FLOAT32);
    }

    private static MlxArray Sum(MlxArray a, MlxArray b)
    {
        var stream = MlxC.mlx_default_cpu_stream_new();
        mlx_array result = default;
        int code = MlxC.mlx_add(&result, a.Handle, b.Handle, stream);
        _ = MlxC.mlx_stream_free(stream);
        MlxError.Check(code);
        return new MlxArray(result);
    }

    private static float[] Numbers(MlxArray array)
    {
        MlxError.Check(MlxC.mlx_array_eval(array.Handle));
        return new ReadOnlySpan<float>(MlxC.mlx_array_data_float32(array.Handle), (int)array.Count).ToArray();
    }
}
