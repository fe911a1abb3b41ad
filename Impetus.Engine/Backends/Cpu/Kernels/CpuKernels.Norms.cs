using System.Runtime.CompilerServices;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// Norms of one row. The order of summation depends on the row's width and the register's, on nothing else. Whole
/// registers are summed in functions of their own: a call for the rest in the same one would send every running sum through memory.
/// </summary>
internal sealed unsafe partial class CpuKernels<TSimd, TFloat, TWord>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RmsNorm(float* x, float* weight, float epsilon, int width, float* y)
    {
        var (whole, rest) = (width - (width % TSimd.Lanes), width % TSimd.Lanes);
        var squares = SumOfSquares(x, TSimd.Broadcast(0), whole);
        if (rest > 0)
        {
            var part = LoadTail(x + whole, rest, 0);
            squares = TSimd.MultiplyAdd(part, part, squares);
        }

        var factor = TSimd.Broadcast(1 / MathF.Sqrt((TSimd.Sum(squares) / width) + epsilon));
        if (weight is null)
        {
            for (var i = 0; i < whole; i += TSimd.Lanes)
                TSimd.Store(y + i, TSimd.Multiply(TSimd.Load(x + i), factor));
        }
        else
        {
            for (var i = 0; i < whole; i += TSimd.Lanes)
                TSimd.Store(y + i, TSimd.Multiply(TSimd.Multiply(TSimd.Load(x + i), factor), TSimd.Load(weight + i)));
        }

        if (rest > 0)
        {
            var value = TSimd.Multiply(LoadTail(x + whole, rest, 0), factor);
            if (weight is not null)
                value = TSimd.Multiply(value, LoadTail(weight + whole, rest, 0));
            StoreTail(y + whole, value, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LayerNorm(float* x, float* weight, float* bias, float epsilon, int width, float* y)
    {
        var (whole, rest) = (width - (width % TSimd.Lanes), width % TSimd.Lanes);
        var sum = SumOf(x, whole);
        if (rest > 0)
            sum = TSimd.Add(sum, LoadTail(x + whole, rest, 0));
        var mean = TSimd.Sum(sum) / width;

        var center = TSimd.Broadcast(mean);
        var squares = SumOfSquares(x, center, whole);
        if (rest > 0)
        {
            var part = TSimd.Subtract(LoadTail(x + whole, rest, mean), center);
            squares = TSimd.MultiplyAdd(part, part, squares);
        }

        var factor = TSimd.Broadcast(1 / MathF.Sqrt((TSimd.Sum(squares) / width) + epsilon));
        for (var i = 0; i < whole; i += TSimd.Lanes)
        {
            var value = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + i), center), factor);
            if (weight is not null)
                value = TSimd.Multiply(value, TSimd.Load(weight + i));
            if (bias is not null)
                value = TSimd.Add(value, TSimd.Load(bias + i));
            TSimd.Store(y + i, value);
        }

        if (rest > 0)
        {
            var value = TSimd.Multiply(TSimd.Subtract(LoadTail(x + whole, rest, 0), center), factor);
            if (weight is not null)
                value = TSimd.Multiply(value, LoadTail(weight + whole, rest, 0));
            if (bias is not null)
                value = TSimd.Add(value, LoadTail(bias + whole, rest, 0));
            StoreTail(y + whole, value, rest);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TFloat SumOf(float* x, int whole)
    {
        var sum = TSimd.Broadcast(0);
        for (var i = 0; i < whole; i += TSimd.Lanes)
            sum = TSimd.Add(sum, TSimd.Load(x + i));
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TFloat SumOfSquares(float* x, TFloat center, int whole)
    {
        var squares = TSimd.Broadcast(0);
        for (var i = 0; i < whole; i += TSimd.Lanes)
        {
            var part = TSimd.Subtract(TSimd.Load(x + i), center);
            squares = TSimd.MultiplyAdd(part, part, squares);
        }

        return squares;
    }
}
