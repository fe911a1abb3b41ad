using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// Products of rounded rows with affine codes: Σ (s·q + b)·x over a group is s·Σ q·x + b·Σ x, and Σ q·x is a sum of integers,
/// two products an instruction. No sum overflows: 255 · 32767 · 128 is below 2³¹.
/// </summary>
internal static unsafe class RoundedKernels<TSimd, TFloat, TWord>
    where TSimd : ISimd<TFloat, TWord>
    where TFloat : unmanaged
    where TWord : unmanaged
{
    /// <summary>y[r, ·] = Σ x[r, k] · panel[k, ·] for 2 · Lanes columns.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="matrix">The weights.</param>
    /// <param name="group">The first group of the panel.</param>
    /// <param name="lane">The first column within the panel.</param>
    /// <param name="y">The first row of sums.</param>
    /// <param name="yStride">Numbers from row to row of sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Project<TCode, TScale, TRows>(RoundedRows x, PanelMatrix matrix, byte* group, int lane, float* y, nint yStride)
        where TCode : ICode
        where TScale : IElement
        where TRows : IRows
    {
        TFloat a0, a1, b0, b1, c0, c1, d0, d1;
        a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = TSimd.Broadcast(0);

        var mask = TSimd.BroadcastWord(((1u << TCode.Bits) - 1) * 0x10001);
        var pairs = x.Row(0);
        var scale = (float*)pairs + x.Scales;
        nint stride = x.Stride;
        nint sums = x.Sums - x.Scales;
        var scaleBytes = PanelMatrix.Lanes * TScale.Size;
        var words = matrix.GroupSize * TCode.Bits / 32;
        var groupBytes = matrix.GroupBytes;
        for (var g = matrix.Groups; g > 0; g--, group += groupBytes, scale++)
        {
            TWord e0, e1, f0, f1, g0, g1, h0, h1;
            e0 = e1 = f0 = f1 = g0 = g1 = h0 = h1 = TSimd.BroadcastWord(0);
            var word = (uint*)(group + (2 * scaleBytes)) + lane;
            for (var last = word + (words * PanelMatrix.Lanes); word < last; word += PanelMatrix.Lanes)
            {
                var u0 = TSimd.LoadWords(word);
                var u1 = TSimd.LoadWords(word + TSimd.Lanes);
                for (var end = pairs + (16 / TCode.Bits); pairs < end; pairs++)
                {
                    var q0 = TSimd.And(u0, mask);
                    var q1 = TSimd.And(u1, mask);
                    u0 = TSimd.ShiftRight(u0, TCode.Bits);
                    u1 = TSimd.ShiftRight(u1, TCode.Bits);

                    var row = TSimd.BroadcastWord(pairs[0]);
                    e0 = TSimd.AddPairs(e0, q0, row);
                    e1 = TSimd.AddPairs(e1, q1, row);
                    if (TRows.Count > 1)
                    {
                        row = TSimd.BroadcastWord(pairs[stride]);
                        f0 = TSimd.AddPairs(f0, q0, row);
                        f1 = TSimd.AddPairs(f1, q1, row);
                    }

                    if (TRows.Count > 2)
                    {
                        row = TSimd.BroadcastWord(pairs[2 * stride]);
                        g0 = TSimd.AddPairs(g0, q0, row);
                        g1 = TSimd.AddPairs(g1, q1, row);
                    }

                    if (TRows.Count > 3)
                    {
                        row = TSimd.BroadcastWord(pairs[3 * stride]);
                        h0 = TSimd.AddPairs(h0, q0, row);
                        h1 = TSimd.AddPairs(h1, q1, row);
                    }
                }
            }

            var scales = group + (lane * TScale.Size);
            var s0 = TScale.Load<TSimd, TFloat, TWord>(scales);
            var s1 = TScale.Load<TSimd, TFloat, TWord>(scales + (TSimd.Lanes * TScale.Size));
            var t0 = TScale.Load<TSimd, TFloat, TWord>(scales + scaleBytes);
            var t1 = TScale.Load<TSimd, TFloat, TWord>(scales + scaleBytes + (TSimd.Lanes * TScale.Size));
            a0 = AddGroup(a0, e0, s0, t0, scale, sums);
            a1 = AddGroup(a1, e1, s1, t1, scale, sums);
            if (TRows.Count > 1)
            {
                b0 = AddGroup(b0, f0, s0, t0, scale + stride, sums);
                b1 = AddGroup(b1, f1, s1, t1, scale + stride, sums);
            }

            if (TRows.Count > 2)
            {
                c0 = AddGroup(c0, g0, s0, t0, scale + (2 * stride), sums);
                c1 = AddGroup(c1, g1, s1, t1, scale + (2 * stride), sums);
            }

            if (TRows.Count > 3)
            {
                d0 = AddGroup(d0, h0, s0, t0, scale + (3 * stride), sums);
                d1 = AddGroup(d1, h1, s1, t1, scale + (3 * stride), sums);
            }
        }

        Store(y, a0, a1);
        if (TRows.Count > 1)
            Store(y + yStride, b0, b1);
        if (TRows.Count > 2)
            Store(y + (2 * yStride), c0, c1);
        if (TRows.Count > 3)
            Store(y + (3 * yStride), d0, d1);
    }

    /// <summary>sum + x's scale · products · weights' scale + weights' bias · x's sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat AddGroup(TFloat sum, TWord products, TFloat scale, TFloat bias, float* rowScale, nint rowSum)
    {
        sum = TSimd.MultiplyAdd(bias, TSimd.Broadcast(rowScale[rowSum]), sum);
        return TSimd.MultiplyAdd(TSimd.Multiply(scale, TSimd.Broadcast(rowScale[0])), TSimd.ToFloats(products), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, TFloat low, TFloat high)
    {
        TSimd.Store(y, low);
        TSimd.Store(y + TSimd.Lanes, high);
    }
}
