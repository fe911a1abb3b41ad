using System.Runtime.CompilerServices;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Norms of one row. The order of summation depends on the row's width and the register's, on nothing else.</summary>
internal sealed unsafe partial class CpuKernels<TSimd, TFloat, TWord>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RmsNorm(float* x, float* weight, float epsilon, int width, float* y)
    {
        var squares = TSimd.Broadcast(0);
        for (var i = 0; i < width; i += TSimd.Lanes)
        {
            var part = LoadPart(x + i, width - i);
            squares = TSimd.MultiplyAdd(part, part, squares);
        }

        var factor = TSimd.Broadcast(1 / MathF.Sqrt((TSimd.Sum(squares) / width) + epsilon));
        for (var i = 0; i < width; i += TSimd.Lanes)
        {
            var value = TSimd.Multiply(LoadPart(x + i, width - i), factor);
            if (weight is not null)
                value = TSimd.Multiply(value, LoadPart(weight + i, width - i));
            StorePart(y + i, value, width - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LayerNorm(float* x, float* weight, float* bias, float epsilon, int width, float* y)
    {
        var sum = TSimd.Broadcast(0);
        for (var i = 0; i < width; i += TSimd.Lanes)
            sum = TSimd.Add(sum, LoadPart(x + i, width - i));
        var mean = TSimd.Sum(sum) / width;

        var center = TSimd.Broadcast(mean);
        var squares = TSimd.Broadcast(0);
        for (var i = 0; i < width; i += TSimd.Lanes)
        {
            var part = TSimd.Subtract(LoadPart(x + i, width - i, mean), center);
            squares = TSimd.MultiplyAdd(part, part, squares);
        }

        var factor = TSimd.Broadcast(1 / MathF.Sqrt((TSimd.Sum(squares) / width) + epsilon));
        for (var i = 0; i < width; i += TSimd.Lanes)
        {
            var value = TSimd.Multiply(TSimd.Subtract(LoadPart(x + i, width - i), center), factor);
            if (weight is not null)
                value = TSimd.Multiply(value, LoadPart(weight + i, width - i));
            if (bias is not null)
                value = TSimd.Add(value, LoadPart(bias + i, width - i));
            StorePart(y + i, value, width - i);
        }
    }
}
