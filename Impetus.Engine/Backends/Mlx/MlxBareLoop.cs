using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>The loop as a C program would write it: raw handles, freed by hand, no tensors, no scopes, no batch.</summary>
internal sealed unsafe class MlxBareLoop : IBareLoop
{
    private readonly BareLlama _model;
    private readonly mlx_stream _stream;
    private readonly Matrix _embedding, _head;
    private readonly Layer[] _layers;
    private readonly mlx_array _norm, _periods;
    private readonly mlx_array[] _keys, _values;
    private readonly List<mlx_array> _weights = [], _garbage = [];
    private mlx_array _started, _next;
    private int _length;

    /// <summary>Takes the weights over from a checkpoint.</summary>
    /// <param name="model">The sizes.</param>
    /// <param name="checkpoint">Llama's tensors under their usual names.</param>
    /// <param name="stream">Where it computes.</param>
    /// <param name="stored">Whether it computes in the stored type, else in f32.</param>
    public MlxBareLoop(BareLlama model, ICheckpoint checkpoint, mlx_stream stream, bool stored)
    {
        (_model, _stream) = (model, stream);
        _embedding = Load(checkpoint, "model.embed_tokens", stored);
        _head = model.TiedHead ? _embedding : Load(checkpoint, "lm_head", stored);
        _norm = Load(checkpoint.Get("model.norm.weight"), stored);
        _layers = [.. Enumerable.Range(0, model.Layers).Select(i => $"model.layers.{i}.").Select(name => new Layer(
            Load(checkpoint.Get(name + "input_layernorm.weight"), stored), Load(checkpoint.Get(name + "post_attention_layernorm.weight"), stored),
            Load(checkpoint, name + "self_attn.q_proj", stored), Load(checkpoint, name + "self_attn.k_proj", stored),
            Load(checkpoint, name + "self_attn.v_proj", stored), Load(checkpoint, name + "self_attn.o_proj", stored),
            Load(checkpoint, name + "mlp.gate_proj", stored), Load(checkpoint, name + "mlp.up_proj", stored), Load(checkpoint, name + "mlp.down_proj", stored)))];
        float[] periods = [.. model.Periods];
        fixed (float* data = periods)
        {
            int count = periods.Length;
            _periods = Keep(MlxC.mlx_array_new_data(data, &count, 1, mlx_dtype.MLX_FLOAT32));
        }

        (_keys, _values) = (Caches(), Caches());
    }

    public int Operations { get; private set; }

    public void Begin(ReadOnlySpan<int> prompt)
    {
        fixed (int* ids = prompt)
        {
            int count = prompt.Length;
            var tokens = Temporary(MlxC.mlx_array_new_data(ids, &count, 1, mlx_dtype.MLX_INT32));
            _next = Forward(tokens, count);
        }

        Start();
    }

    public void Follow() => _next = Forward(_started, 1);

    public int Read()
    {
        MlxError.Check(MlxC.mlx_array_eval(_started));
        return MlxC.mlx_array_data_int32(_started)[0];
    }

    public void Start()
    {
        var next = _next;
        var vector = MlxC.mlx_vector_array_new_data(&next, 1);
        MlxError.Check(MlxC.mlx_async_eval(vector));
        _ = MlxC.mlx_vector_array_free(vector);
        Free(ref _started);
        _started = _next;
        _next = default;
    }

    public void Dispose()
    {
        Free(ref _started);
        Free(ref _next);
        foreach (var array in _weights.Concat(_keys).Concat(_values))
            _ = MlxC.mlx_array_free(array);
    }

    private mlx_array Forward(mlx_array tokens, int count)
    {
        Operations = 0;
        var x = Embed(tokens);
        for (int i = 0; i < _layers.Length; i++)
            x = Collect(Block(_layers[i], i, x, count));
        if (count > 1)
            x = Slice(x, [count - 1, 0], [count, MlxC.mlx_array_dim(x, 1)], 2);
        var logits = Multiply(RmsNorm(x, _norm), _head);
        mlx_array id = default;
        MlxError.Check(MlxC.mlx_argmax_axis(&id, logits, -1, false, _stream));
        var token = As(Temporary(id), mlx_dtype.MLX_INT32);
        _length += count;
        return Collect(token);
    }

    private mlx_array Block(Layer layer, int index, mlx_array x, int count)
    {
        var normed = RmsNorm(x, layer.Norm);
        var query = Rope(Heads(Multiply(normed, layer.Query), count, _model.Heads));
        var key = Rope(Heads(Multiply(normed, layer.Key), count, _model.KeyHeads));
        var value = Heads(Multiply(normed, layer.Value), count, _model.KeyHeads);
        int seen = _length + count;
        Write(ref _keys[index], key, seen);
        Write(ref _values[index], value, seen);
        mlx_array mixed = default;
        fixed (byte* mode = count > 1 ? "causal\0"u8 : "\0"u8)
        {
            MlxError.Check(MlxC.mlx_fast_scaled_dot_product_attention(
                &mixed, query, Seen(_keys[index], seen), Seen(_values[index], seen), 1 / MathF.Sqrt(_model.HeadWidth), mode, default, default, _stream));
        }

        var attended = Reshape(Transpose(Temporary(mixed)), [count, _model.Heads * _model.HeadWidth]);
        x = Binary(&MlxC.mlx_add, x, Multiply(attended, layer.Output));
        normed = RmsNorm(x, layer.MlpNorm);
        var gate = Multiply(normed, layer.Gate);
        mlx_array sigmoid = default;
        MlxError.Check(MlxC.mlx_sigmoid(&sigmoid, gate, _stream));
        var gated = Binary(&MlxC.mlx_multiply, Binary(&MlxC.mlx_multiply, gate, Temporary(sigmoid)), Multiply(normed, layer.Up));
        return Binary(&MlxC.mlx_add, x, Multiply(gated, layer.Down));
    }

    private mlx_array Heads(mlx_array x, int count, int heads) => Transpose(Reshape(x, [1, count, heads, _model.HeadWidth]));

    private mlx_array Transpose(mlx_array x)
    {
        int* axes = stackalloc int[] { 0, 2, 1, 3 };
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_transpose_axes(&result, x, axes, 4, _stream));
        return Temporary(result);
    }

    private mlx_array Reshape(mlx_array x, ReadOnlySpan<int> shape)
    {
        mlx_array result = default;
        fixed (int* extents = shape)
            MlxError.Check(MlxC.mlx_reshape(&result, x, extents, (nuint)shape.Length, _stream));
        return Temporary(result);
    }

    private mlx_array Rope(mlx_array x)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_fast_rope(&result, x, _model.HeadWidth, false, default, 1, _length, _periods, _stream));
        return Temporary(result);
    }

    private mlx_array RmsNorm(mlx_array x, mlx_array weight)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_fast_rms_norm(&result, x, weight, _model.Epsilon, _stream));
        return Temporary(result);
    }

    private mlx_array Multiply(mlx_array x, Matrix matrix)
    {
        mlx_array result = default;
        if (matrix.Format is { } format)
        {
            fixed (byte* mode = MlxFormat.Mode(format.Mode))
            {
                MlxError.Check(MlxC.mlx_quantized_matmul(
                    &result, x, matrix.Weight, matrix.Scales, matrix.Biases, true, new(format.GroupSize), new(format.Bits), mode, _stream));
            }

            return Temporary(result);
        }

        int* axes = stackalloc int[] { 1, 0 };
        mlx_array turned = default;
        MlxError.Check(MlxC.mlx_transpose_axes(&turned, matrix.Weight, axes, 2, _stream));
        MlxError.Check(MlxC.mlx_matmul(&result, x, Temporary(turned), _stream));
        return Temporary(result);
    }

    private mlx_array Embed(mlx_array tokens)
    {
        var weight = Take(_embedding.Weight, tokens);
        if (_embedding.Format is not { } format)
            return weight;
        mlx_array result = default;
        fixed (byte* mode = MlxFormat.Mode(format.Mode))
        {
            MlxError.Check(MlxC.mlx_dequantize(
                &result, weight, Take(_embedding.Scales, tokens), _embedding.Biases.ctx == 0 ? default : Take(_embedding.Biases, tokens),
                new(format.GroupSize), new(format.Bits), mode, default, default, _stream));
        }

        return Temporary(result);
    }

    private mlx_array Take(mlx_array table, mlx_array tokens)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_take_axis(&result, table, tokens, 0, _stream));
        return Temporary(result);
    }

    private mlx_array As(mlx_array x, mlx_dtype type)
    {
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_astype(&result, x, type, _stream));
        return Temporary(result);
    }

    private mlx_array Binary(delegate*<mlx_array*, mlx_array, mlx_array, mlx_stream, int> operation, mlx_array a, mlx_array b)
    {
        mlx_array result = default;
        MlxError.Check(operation(&result, a, b, _stream));
        return Temporary(result);
    }

    private mlx_array Seen(mlx_array cache, int seen) => Slice(cache, [0, 0, 0, 0], [1, _model.KeyHeads, seen, _model.HeadWidth], 4);

    private mlx_array Slice(mlx_array x, ReadOnlySpan<int> starts, ReadOnlySpan<int> stops, int rank)
    {
        int* strides = stackalloc int[] { 1, 1, 1, 1 };
        mlx_array result = default;
        fixed (int* from = starts, to = stops)
            MlxError.Check(MlxC.mlx_slice(&result, x, from, (nuint)rank, to, (nuint)rank, strides, (nuint)rank, _stream));
        return Temporary(result);
    }

    /// <summary>Replaces a cache by one with a part written; the old handle goes at once, so that the buffer can be used again.</summary>
    private void Write(ref mlx_array cache, mlx_array part, int stop)
    {
        int* starts = stackalloc int[] { 0, 0, _length, 0 }, stops = stackalloc int[] { 1, _model.KeyHeads, stop, _model.HeadWidth };
        int* strides = stackalloc int[] { 1, 1, 1, 1 };
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_slice_update(&result, cache, part, starts, 4, stops, 4, strides, 4, _stream));
        Free(ref cache);
        cache = result;
        Operations++;
    }

    private mlx_array[] Caches()
    {
        int* shape = stackalloc int[] { 1, _model.KeyHeads, _model.Capacity, _model.HeadWidth };
        var type = MlxC.mlx_array_dtype(_norm);
        var caches = new mlx_array[_model.Layers];
        for (int i = 0; i < caches.Length; i++)
        {
            mlx_array zeros = default;
            MlxError.Check(MlxC.mlx_zeros(&zeros, shape, 4, type, _stream));
            caches[i] = zeros;
        }

        return caches;
    }

    private Matrix Load(ICheckpoint checkpoint, string name, bool stored)
    {
        var linear = checkpoint.Linear(name);
        if (linear.Bias is not null)
            throw new NotSupportedException($"The bare loop knows no biases, and {name} has one.");
        if (linear.Format is not { } format)
            return new Matrix(Load(linear.Weight, stored), default, default, null);
        bool affine = format.Mode == QuantizationMode.Affine;
        return new Matrix(
            Load(linear.Weight, stored: true), Load(linear.Scales!, stored || !affine), affine ? Load(linear.Biases!, stored) : default, format);
    }

    private mlx_array Load(StoredTensor tensor, bool stored)
    {
        int[] shape = [.. tensor.Shape];
        fixed (int* extents = shape)
        {
            var array = MlxC.mlx_array_new_data(tensor.Data, extents, shape.Length, MlxFormat.Type(tensor.Type));
            if (stored || tensor.Type == DType.F32)
                return Keep(array);
            mlx_array single = default;
            MlxError.Check(MlxC.mlx_astype(&single, array, mlx_dtype.MLX_FLOAT32, _stream));
            MlxError.Check(MlxC.mlx_array_eval(single));
            _ = MlxC.mlx_array_free(array);
            return Keep(single);
        }
    }

    private mlx_array Keep(mlx_array weight)
    {
        _weights.Add(weight);
        return weight;
    }

    private mlx_array Temporary(mlx_array array)
    {
        Operations++;
        _garbage.Add(array);
        return array;
    }

    /// <summary>Frees all handles but one, which lives until the next time or is the caller's to free.</summary>
    private mlx_array Collect(mlx_array kept)
    {
        foreach (var array in _garbage)
        {
            if (array.ctx != kept.ctx)
                _ = MlxC.mlx_array_free(array);
        }

        _garbage.Clear();
        return kept;
    }

    private static void Free(ref mlx_array array)
    {
        if (array.ctx != 0)
            _ = MlxC.mlx_array_free(array);
        array = default;
    }

    private readonly record struct Matrix(mlx_array Weight, mlx_array Scales, mlx_array Biases, Quantization? Format);

    private sealed record Layer(
        mlx_array Norm, mlx_array MlpNorm, Matrix Query, Matrix Key, Matrix Value, Matrix Output, Matrix Gate, Matrix Up, Matrix Down);
}
