using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>Results: sampling on the device, and reading, which is where a step is evaluated.</summary>
internal sealed unsafe partial class MlxBackend
{
    /// <inheritdoc/>
    public Tensor Sample(Tensor logits, ReadOnlySpan<SampleRow> rows)
    {
        if (rows.Length != logits.Shape.Vectors)
            throw new ArgumentException($"There are {logits.Shape.Vectors} rows of logits for {rows.Length} to sample.", nameof(rows));
        using var scores = _ops.As(MlxTensor.Of(logits), mlx_dtype.MLX_FLOAT32);
        bool greedy = true;
        foreach (var row in rows)
            greedy &= row.Temperature == 0;
        return New(new Shape(rows.Length), greedy ? Likeliest(scores) : Drawn(scores, rows.ToArray()));
    }

    /// <inheritdoc/>
    public void Start(params ReadOnlySpan<Tensor> tensors)
    {
        var results = new MlxArray[tensors.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = Result(MlxTensor.Own(tensors[i]));
        EvaluateAhead(results);
    }

    /// <inheritdoc/>
    public void Read(Tensor tensor, Span<float> destination) =>
        new ReadOnlySpan<float>(MlxC.mlx_array_data_float32(Finished(tensor, ids: false)), checked((int)tensor.Shape.Count)).CopyTo(destination);

    /// <inheritdoc/>
    public void Read(Tensor tensor, Span<int> destination) =>
        new ReadOnlySpan<int>(MlxC.mlx_array_data_int32(Finished(tensor, ids: true)), checked((int)tensor.Shape.Count)).CopyTo(destination);

    /// <summary>What the host reads of a tensor, once it is computed. One that was not started is evaluated here.</summary>
    private mlx_array Finished(Tensor tensor, bool ids)
    {
        if ((tensor.Type == DType.I32) != ids)
            throw new ArgumentException($"A tensor of {tensor.Type} is read as {(ids ? "ids" : "numbers")}.", nameof(tensor));
        var own = MlxTensor.Own(tensor);
        Counters.Evaluations += own.Result is null ? 1 : 0;
        Counters.HostReads++;
        var result = Result(own).Handle;
        MlxError.Check(MlxC.mlx_array_eval(result));
        return result;
    }

    /// <summary>The tensor as the host reads it: contiguous, ids as they are and all else in f32.</summary>
    private MlxArray Result(MlxTensor tensor)
    {
        if (tensor.Result is not null)
            return tensor.Result;
        using var typed = _ops.As(tensor.Array, tensor.Type == DType.I32 ? mlx_dtype.MLX_INT32 : mlx_dtype.MLX_FLOAT32);
        mlx_array result = default;
        MlxError.Check(MlxC.mlx_contiguous(&result, typed.Handle, false, _stream));
        return tensor.Result = new MlxArray(result);
    }

    private MlxArray Likeliest(MlxArray scores)
    {
        using var ids = _ops.ArgMax(scores, -1);
        return _ops.As(ids, mlx_dtype.MLX_INT32);
    }

    /// <summary>
    /// The inverse of the cumulative distribution over the survivors in falling order, for all rows at once. A greedy row is
    /// one with a single survivor.
    /// </summary>
    private MlxArray Drawn(MlxArray scores, SampleRow[] rows)
    {
        int vocabulary = scores.Extent(-1);
        using var temperatures = Column(rows, row => row.Temperature == 0 ? 1 : row.Temperature);
        using var tempered = _ops.Divide(scores, temperatures);
        using var falling = _ops.Negative(tempered);
        using var order = _ops.ArgSort(falling, -1);
        using var sorted = _ops.TakeAlong(tempered, order, -1);
        using var all = _ops.Softmax(sorted, -1);

        using var ranks = _ops.Count(vocabulary);
        using var limits = Column(rows, row => row.Temperature == 0 ? 1 : row.TopK is > 0 and var k && k < vocabulary ? k : vocabulary);
        using var inTopK = _ops.Less(ranks, limits);
        using var none = MlxOps.Scalar(0);
        using var one = MlxOps.Scalar(1);
        using var afterTopK = Renormalised(inTopK, all, none);

        // The token that crosses the mass is kept: what lies before it decides.
        using var through = _ops.CumulativeSum(afterTopK, -1);
        using var before = _ops.Subtract(through, afterTopK);
        using var masses = Column(rows, row => row.TopP >= 1 ? 2 : row.TopP);
        using var enough = _ops.Less(before, masses);
        using var first = _ops.LessEqual(ranks, none);
        using var inTopP = _ops.Maximum(enough, first);
        using var afterTopP = Renormalised(inTopP, afterTopK, none);

        // A share of the largest probability is a distance from the largest logit, and equal logits stay equal.
        using var largest = _ops.Max(tempered, -1, keep: true);
        using var distances = Column(rows, row => MathF.Log(row.MinP));
        using var least = _ops.Add(largest, distances);
        using var inMinP = _ops.GreaterEqual(sorted, least);
        using var survivors = Renormalised(inMinP, afterTopP, none);

        using var cumulative = _ops.CumulativeSum(survivors, -1);
        using var uniforms = Column(rows, row => row.Uniform);
        using var passed = _ops.LessEqual(cumulative, uniforms);
        using var numbers = _ops.As(passed, mlx_dtype.MLX_FLOAT32);
        using var drawn = _ops.Sum(numbers, -1, keep: true);
        // Rounding may leave the last cumulative value just under a uniform near 1.
        using var living = Living(survivors, none, one);
        using var last = _ops.Subtract(living, one);
        using var bounded = Smaller(drawn, last);
        using var index = _ops.As(bounded, mlx_dtype.MLX_INT32);
        using var chosen = _ops.TakeAlong(order, index, -1);
        using var flat = _ops.Reshape(chosen, rows.Length);
        return _ops.As(flat, mlx_dtype.MLX_INT32);
    }

    private MlxArray Renormalised(MlxArray kept, MlxArray shares, MlxArray none)
    {
        using var survivors = _ops.Where(kept, shares, none);
        using var mass = _ops.Sum(survivors, -1, keep: true);
        return _ops.Divide(survivors, mass);
    }

    private MlxArray Living(MlxArray shares, MlxArray none, MlxArray one)
    {
        using var dead = _ops.LessEqual(shares, none);
        using var flags = _ops.Where(dead, none, one);
        return _ops.Sum(flags, -1, keep: true);
    }

    private MlxArray Smaller(MlxArray a, MlxArray b)
    {
        using var less = _ops.Less(a, b);
        return _ops.Where(less, a, b);
    }

    private static MlxArray Column(SampleRow[] rows, Func<SampleRow, float> value) =>
        FloatsFrom([.. rows.Select(value)], rows.Length, 1);
}
