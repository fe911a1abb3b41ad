using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Products with rounded activations.</summary>
internal sealed unsafe partial class CpuKernels<TSimd, TFloat, TWord>
{
    public override void Round(float* x, int rows, RoundedRows rounded)
    {
        var codesPerWord = 32 / rounded.Bits;
        for (var row = 0; row < rows; row++)
        {
            var numbers = (short*)rounded.Row(row);
            var scales = (float*)rounded.Row(row) + rounded.Scales;
            var sums = (float*)rounded.Row(row) + rounded.Sums;
            for (var first = 0; first < rounded.Width; first += rounded.GroupSize, x += rounded.GroupSize)
            {
                var largest = Magnitude(x, rounded.GroupSize);
                var inverse = largest > 0 ? short.MaxValue / largest : 0;
                var sum = 0;
                for (var i = 0; i < rounded.GroupSize; i++)
                {
                    var number = (short)MathF.Round(x[i] * inverse);
                    var (word, code) = (i / codesPerWord, i % codesPerWord);
                    var place = code < codesPerWord / 2 ? 2 * code : (2 * code) - codesPerWord + 1;
                    numbers[first + (word * codesPerWord) + place] = number;
                    sum += number;
                }

                var group = first / rounded.GroupSize;
                scales[group] = largest / short.MaxValue;
                sums[group] = scales[group] * sum;
            }
        }
    }

    public override void ProjectRounded(PanelMatrix matrix, int panel, RoundedRows x, int rows, float* tile)
    {
        for (var lane = 0; lane < PanelMatrix.Lanes; lane += 2 * TSimd.Lanes)
        {
            if (matrix.Bits == 4)
                Rounded<Affine4Code>(matrix, matrix.Panel(panel), x, rows, lane, tile + lane);
            else
                Rounded<Affine8Code>(matrix, matrix.Panel(panel), x, rows, lane, tile + lane);
        }
    }

    private static float Magnitude(float* x, int count)
    {
        var largest = TSimd.Broadcast(0);
        for (var i = 0; i < count; i += TSimd.Lanes)
        {
            var part = TSimd.Load(x + i);
            largest = TSimd.Max(largest, TSimd.Max(part, TSimd.Subtract(TSimd.Broadcast(0), part)));
        }

        return TSimd.Largest(largest);
    }

    private static void Rounded<TCode>(PanelMatrix matrix, byte* panel, RoundedRows x, int rows, int lane, float* y)
        where TCode : ICode
    {
        switch (matrix.Element)
        {
            case DType.F32:
                Rounded<TCode, F32Element>(matrix, panel, x, rows, lane, y);
                break;
            case DType.F16:
                Rounded<TCode, F16Element>(matrix, panel, x, rows, lane, y);
                break;
            default:
                Rounded<TCode, BF16Element>(matrix, panel, x, rows, lane, y);
                break;
        }
    }

    private static void Rounded<TCode, TScale>(PanelMatrix matrix, byte* panel, RoundedRows x, int rows, int lane, float* y)
        where TCode : ICode
        where TScale : IElement
    {
        switch (rows)
        {
            case 1:
                RoundedKernels<TSimd, TFloat, TWord>.Project<TCode, TScale, Rows1>(x, matrix, panel, lane, y, TileStride);
                break;
            case 2:
                RoundedKernels<TSimd, TFloat, TWord>.Project<TCode, TScale, Rows2>(x, matrix, panel, lane, y, TileStride);
                break;
            case 3:
                RoundedKernels<TSimd, TFloat, TWord>.Project<TCode, TScale, Rows3>(x, matrix, panel, lane, y, TileStride);
                break;
            default:
                RoundedKernels<TSimd, TFloat, TWord>.Project<TCode, TScale, Rows4>(x, matrix, panel, lane, y, TileStride);
                break;
        }
    }
}
