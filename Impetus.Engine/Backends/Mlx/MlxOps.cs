using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// MLX's operations on owned arrays, on one stream. Each call adds to the lazy graph and returns a new array that the caller
/// owns; nothing is computed before an evaluation. MLX's thread only.
/// </summary>
internal sealed unsafe class MlxOps(mlx_stream stream)
{
    private static ReadOnlySpan<byte> NoMask => "\0"u8;

    private static ReadOnlySpan<byte> Causal => "causal\0"u8;

    private static ReadOnlySpan<byte> ArrayMask => "array\0"u8;

    public mlx_stream Stream => stream;

    public MlxArray Add(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_add, a, b);

    public MlxArray Subtract(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_subtract, a, b);

    public MlxArray Multiply(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_multiply, a, b);

    public MlxArray Divide(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_divide, a, b);

    public MlxArray MatMul(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_matmul, a, b);

    public MlxArray Maximum(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_maximum, a, b);

    public MlxArray Less(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_less, a, b);

    public MlxArray LessEqual(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_less_equal, a, b);

    public MlxArray GreaterEqual(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_greater_equal, a, b);

    public MlxArray And(MlxArray a, MlxArray b) => Binary(&MlxC.mlx_logical_and, a, b);

    public MlxArray Sigmoid(MlxArray a) => Unary(&MlxC.mlx_sigmoid, a);

    public MlxArray Tanh(MlxArray a) => Unary(&MlxC.mlx_tanh, a);

    public MlxArray Erf(MlxArray a) => Unary(&MlxC.mlx_erf, a);

    public MlxArray Square(MlxArray a) => Unary(&MlxC.mlx_square, a);

    public MlxArray Negative(MlxArray a) => Unary(&MlxC.mlx_negative, a);

    public static MlxArray Scalar(float value) => new(MlxC.mlx_array_new_float32(value));

    /// <summary>A number in the type of another array, so that nothing is promoted.</summary>
    public MlxArray ScalarLike(float value, MlxArray like)
    {
        using var number = Scalar(value);
        return As(number, like.Type);
    }

    /// <summary>x · factor, in the type of x.</summary>
    public MlxArray Scaled(MlxArray x, float factor)
    {
        using var number = ScalarLike(factor, x);
        return Multiply(x, number);
    }

    public MlxArray As(MlxArray a, mlx_dtype type)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_astype(&result, a.Handle, type, stream));
        return new MlxArray(result);
    }

    public MlxArray Reshape(MlxArray a, params ReadOnlySpan<int> shape)
    {
        mlx_array result = default;
        fixed (int* extents = shape)
            MlxError.Check(MlxC.mlx_reshape(&result, a.Handle, extents, (nuint)shape.Length, stream));
        return new MlxArray(result);
    }

    public MlxArray Transpose(MlxArray a, params ReadOnlySpan<int> axes)
    {
        mlx_array result = default;
        fixed (int* order = axes)
            MlxError.Check(MlxC.mlx_transpose_axes(&result, a.Handle, order, (nuint)axes.Length, stream));
        return new MlxArray(result);
    }

    public MlxArray Zeros(mlx_dtype type, params ReadOnlySpan<int> shape)
    {
        mlx_array result = default;
        fixed (int* extents = shape)
            MlxError.Check(MlxC.mlx_zeros(&result, extents, (nuint)shape.Length, type, stream));
        return new MlxArray(result);
    }

    /// <summary>Part of one axis; all of the others.</summary>
    public MlxArray Slice(MlxArray a, int axis, int start, int stop)
    {
        int rank = a.Rank;
        int* starts = stackalloc int[rank], stops = stackalloc int[rank], strides = stackalloc int[rank];
        Bounds(a, rank, axis, start, stop, starts, stops, strides);
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_slice(&result, a.Handle, starts, (nuint)rank, stops, (nuint)rank, strides, (nuint)rank, stream));
        return new MlxArray(result);
    }

    /// <summary>The array with part of one axis replaced; in place if nobody else holds it.</summary>
    public MlxArray SliceUpdate(MlxArray a, MlxArray update, int axis, int start, int stop)
    {
        int rank = a.Rank;
        int* starts = stackalloc int[rank], stops = stackalloc int[rank], strides = stackalloc int[rank];
        Bounds(a, rank, axis, start, stop, starts, stops, strides);
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_slice_update(
            &result, a.Handle, update.Handle, starts, (nuint)rank, stops, (nuint)rank, strides, (nuint)rank, stream));
        return new MlxArray(result);
    }

    /// <summary>0, 1, 2 … as f32, in a row (1, count).</summary>
    public MlxArray Count(int count)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_arange(&result, 0, count, 1, mlx_dtype.MLX_FLOAT32, stream));
        using var flat = new MlxArray(result);
        return Reshape(flat, 1, count);
    }

    public MlxArray Take(MlxArray a, MlxArray indices, int axis)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_take_axis(&result, a.Handle, indices.Handle, axis, stream));
        return new MlxArray(result);
    }

    public MlxArray TakeAlong(MlxArray a, MlxArray indices, int axis)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_take_along_axis(&result, a.Handle, indices.Handle, axis, stream));
        return new MlxArray(result);
    }

    public MlxArray Concatenate(IReadOnlyList<MlxArray> parts, int axis)
    {
        mlx_array result = default;
        var vector = Vector(parts);
        try
        {
            MlxError.Check(MlxC.mlx_concatenate_axis(&result, vector, axis, stream));
        }
        finally
        {
            _ = MlxC.mlx_vector_array_free(vector);
        }

        return new MlxArray(result);
    }

    public MlxArray Where(MlxArray condition, MlxArray yes, MlxArray no)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_where(&result, condition.Handle, yes.Handle, no.Handle, stream));
        return new MlxArray(result);
    }

    public MlxArray Softmax(MlxArray a, int axis)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_softmax_axis(&result, a.Handle, axis, true, stream));
        return new MlxArray(result);
    }

    public MlxArray ArgMax(MlxArray a, int axis)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_argmax_axis(&result, a.Handle, axis, false, stream));
        return new MlxArray(result);
    }

    public MlxArray ArgSort(MlxArray a, int axis)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_argsort_axis(&result, a.Handle, axis, stream));
        return new MlxArray(result);
    }

    public MlxArray Sum(MlxArray a, int axis, bool keep)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_sum_axis(&result, a.Handle, axis, keep, stream));
        return new MlxArray(result);
    }

    public MlxArray Max(MlxArray a, int axis, bool keep)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_max_axis(&result, a.Handle, axis, keep, stream));
        return new MlxArray(result);
    }

    public MlxArray CumulativeSum(MlxArray a, int axis)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_cumsum(&result, a.Handle, axis, false, true, stream));
        return new MlxArray(result);
    }

    public MlxArray RmsNorm(MlxArray x, MlxArray? weight, float epsilon)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_fast_rms_norm(&result, x.Handle, OrNone(weight), epsilon, stream));
        return new MlxArray(result);
    }

    public MlxArray LayerNorm(MlxArray x, MlxArray? weight, MlxArray? bias, float epsilon)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_fast_layer_norm(&result, x.Handle, OrNone(weight), OrNone(bias), epsilon, stream));
        return new MlxArray(result);
    }

    /// <summary>Rotates the axis before the last's positions, from <paramref name="offset"/> on.</summary>
    /// <param name="x">(…, T, D).</param>
    /// <param name="dims">How many features rotate.</param>
    /// <param name="interleaved">Pairs are neighbours.</param>
    /// <param name="offset">The position of the first row.</param>
    /// <param name="periods">(dims / 2): positions per radian.</param>
    public MlxArray Rope(MlxArray x, int dims, bool interleaved, int offset, MlxArray periods)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_fast_rope(&result, x.Handle, dims, interleaved, default, 1, offset, periods.Handle, stream));
        return new MlxArray(result);
    }

    /// <summary>As <see cref="Rope(MlxArray, int, bool, int, MlxArray)"/>, with an offset (B) for each entry of the first axis.</summary>
    public MlxArray Rope(MlxArray x, int dims, bool interleaved, MlxArray offsets, MlxArray periods)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_fast_rope_dynamic(&result, x.Handle, dims, interleaved, default, 1, offsets.Handle, periods.Handle, stream));
        return new MlxArray(result);
    }

    /// <summary>Attention of (B, Hq, Tq, D) over (B, Hkv, Tk, D). A causal mask is aligned to the last key.</summary>
    public MlxArray Attend(MlxArray query, MlxArray key, MlxArray value, float scale, bool causal, MlxArray? mask, MlxArray? sinks)
    {
        mlx_array result = default;
        fixed (byte* mode = mask is not null ? ArrayMask : causal ? Causal : NoMask)
        {
            MlxError.Check(MlxC.mlx_fast_scaled_dot_product_attention(
                &result, query.Handle, key.Handle, value.Handle, scale, mode, OrNone(mask), OrNone(sinks), stream));
        }

        return new MlxArray(result);
    }

    /// <summary>A second handle to the same array.</summary>
    public static MlxArray Share(MlxArray array)
    {
        var second = MlxC.mlx_array_new();
        MlxError.Check(MlxC.mlx_array_set(&second, array.Handle));
        return new MlxArray(second);
    }

    public static mlx_array OrNone(MlxArray? array) => array?.Handle ?? default;

    /// <summary>A list for MLX, which holds references of its own; the caller frees it.</summary>
    public static mlx_vector_array Vector(IReadOnlyList<MlxArray> parts)
    {
        var vector = MlxC.mlx_vector_array_new();
        foreach (var part in parts)
            MlxError.Check(MlxC.mlx_vector_array_append_value(vector, part.Handle));
        return vector;
    }

    private MlxArray Binary(delegate*<mlx_array*, mlx_array, mlx_array, mlx_stream, int> operation, MlxArray a, MlxArray b)
    {
        mlx_array result = default;
        MlxError.Check(operation(&result, a.Handle, b.Handle, stream));
        return new MlxArray(result);
    }

    private MlxArray Unary(delegate*<mlx_array*, mlx_array, mlx_stream, int> operation, MlxArray a)
    {
        mlx_array result = default;
        MlxError.Check(operation(&result, a.Handle, stream));
        return new MlxArray(result);
    }

    private static void Bounds(MlxArray a, int rank, int axis, int start, int stop, int* starts, int* stops, int* strides)
    {
        int* shape = MlxC.mlx_array_shape(a.Handle);
        for (int i = 0; i < rank; i++)
            (starts[i], stops[i], strides[i]) = i == axis ? (start, stop, 1) : (0, shape[i], 1);
    }
}
