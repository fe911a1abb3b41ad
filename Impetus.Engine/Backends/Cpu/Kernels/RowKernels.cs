using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// The innermost loops of all products: up to six rows against two registers of columns, one broadcast number times two
/// registers at a time. Each output is one chain of fused multiply-adds in the order of k, whatever the number of rows, the
/// width of the registers or the storage of the weights: a matrix-vector product is a matrix product of one row, and a row's
/// bits do not depend on its company.
/// </summary>
internal static unsafe class RowKernels<TSimd, TFloat, TWord>
    where TSimd : ISimd<TFloat, TWord>
    where TFloat : unmanaged
    where TWord : unmanaged
{
    /// <summary>The most rows at once: with two registers each, twelve sums fill any machine's multipliers.</summary>
    public const int MaxRows = 6;

    /// <summary>y[r, ·] = (y[r, ·] or 0) + Σ x[r, k] · panel[k, ·] over <paramref name="depth"/> values of k, 2 · Lanes columns.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="xStride">Numbers from row to row.</param>
    /// <param name="panel">The columns' elements for k = 0.</param>
    /// <param name="panelStride">Bytes from one k to the next.</param>
    /// <param name="depth">How many k.</param>
    /// <param name="y">The first row of sums.</param>
    /// <param name="yStride">Numbers from row to row of sums.</param>
    /// <param name="accumulate">Whether the sums go on from what <paramref name="y"/> has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dense<TElement, TRows>(
        float* x, nint xStride, byte* panel, nint panelStride, int depth, float* y, nint yStride, bool accumulate)
        where TElement : IElement
        where TRows : IRows
    {
        TFloat a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1;
        a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = e0 = e1 = f0 = f1 = TSimd.Broadcast(0);
        if (accumulate)
        {
            (a0, a1) = (TSimd.Load(y), TSimd.Load(y + TSimd.Lanes));
            if (TRows.Count > 1)
                (b0, b1) = (TSimd.Load(y + yStride), TSimd.Load(y + yStride + TSimd.Lanes));
            if (TRows.Count > 2)
                (c0, c1) = (TSimd.Load(y + (2 * yStride)), TSimd.Load(y + (2 * yStride) + TSimd.Lanes));
            if (TRows.Count > 3)
                (d0, d1) = (TSimd.Load(y + (3 * yStride)), TSimd.Load(y + (3 * yStride) + TSimd.Lanes));
            if (TRows.Count > 4)
                (e0, e1) = (TSimd.Load(y + (4 * yStride)), TSimd.Load(y + (4 * yStride) + TSimd.Lanes));
            if (TRows.Count > 5)
                (f0, f1) = (TSimd.Load(y + (5 * yStride)), TSimd.Load(y + (5 * yStride) + TSimd.Lanes));
        }

        var end = x + depth;
        for (; x < end; x++, panel += panelStride)
        {
            var w0 = TElement.Load<TSimd, TFloat, TWord>(panel);
            var w1 = TElement.Load<TSimd, TFloat, TWord>(panel + (TSimd.Lanes * TElement.Size));
            var row = TSimd.Broadcast(x[0]);
            a0 = TSimd.MultiplyAdd(row, w0, a0);
            a1 = TSimd.MultiplyAdd(row, w1, a1);
            if (TRows.Count > 1)
            {
                row = TSimd.Broadcast(x[xStride]);
                b0 = TSimd.MultiplyAdd(row, w0, b0);
                b1 = TSimd.MultiplyAdd(row, w1, b1);
            }

            if (TRows.Count > 2)
            {
                row = TSimd.Broadcast(x[2 * xStride]);
                c0 = TSimd.MultiplyAdd(row, w0, c0);
                c1 = TSimd.MultiplyAdd(row, w1, c1);
            }

            if (TRows.Count > 3)
            {
                row = TSimd.Broadcast(x[3 * xStride]);
                d0 = TSimd.MultiplyAdd(row, w0, d0);
                d1 = TSimd.MultiplyAdd(row, w1, d1);
            }

            if (TRows.Count > 4)
            {
                row = TSimd.Broadcast(x[4 * xStride]);
                e0 = TSimd.MultiplyAdd(row, w0, e0);
                e1 = TSimd.MultiplyAdd(row, w1, e1);
            }

            if (TRows.Count > 5)
            {
                row = TSimd.Broadcast(x[5 * xStride]);
                f0 = TSimd.MultiplyAdd(row, w0, f0);
                f1 = TSimd.MultiplyAdd(row, w1, f1);
            }
        }

        Store(y, a0, a1);
        if (TRows.Count > 1)
            Store(y + yStride, b0, b1);
        if (TRows.Count > 2)
            Store(y + (2 * yStride), c0, c1);
        if (TRows.Count > 3)
            Store(y + (3 * yStride), d0, d1);
        if (TRows.Count > 4)
            Store(y + (4 * yStride), e0, e1);
        if (TRows.Count > 5)
            Store(y + (5 * yStride), f0, f1);
    }

    /// <summary>The same over packed codes, decoded as they are met: w = code · scale + bias, rounded once.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="xStride">Numbers from row to row.</param>
    /// <param name="matrix">Where scales, biases and words lie in a group.</param>
    /// <param name="group">The first group of the panel.</param>
    /// <param name="lane">The first column within the panel.</param>
    /// <param name="y">The first row of sums.</param>
    /// <param name="yStride">Numbers from row to row of sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Packed<TCode, TScale, TRows>(
        float* x, nint xStride, PanelMatrix matrix, byte* group, int lane, float* y, nint yStride)
        where TCode : ICode
        where TScale : IElement
        where TRows : IRows
    {
        TFloat a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1;
        a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = e0 = e1 = f0 = f1 = TSimd.Broadcast(0);

        var scaleBytes = PanelMatrix.Lanes * TScale.Size;
        var wordOffset = (TCode.HasBias ? 2 * scaleBytes : scaleBytes) + (lane * sizeof(uint));
        var words = matrix.GroupSize / (32 / TCode.Bits);
        group += lane * TScale.Size;
        wordOffset -= lane * TScale.Size;
        var groupBytes = matrix.GroupBytes;
        for (var g = matrix.Groups; g > 0; g--, group += groupBytes)
        {
            var s0 = TScale.Load<TSimd, TFloat, TWord>(group);
            var s1 = TScale.Load<TSimd, TFloat, TWord>(group + (TSimd.Lanes * TScale.Size));
            var t0 = s0;
            var t1 = s1;
            if (TCode.HasBias)
            {
                t0 = TScale.Load<TSimd, TFloat, TWord>(group + scaleBytes);
                t1 = TScale.Load<TSimd, TFloat, TWord>(group + scaleBytes + (TSimd.Lanes * TScale.Size));
            }

            var word = (uint*)(group + wordOffset);
            for (var last = word + (words * PanelMatrix.Lanes); word < last; word += PanelMatrix.Lanes)
            {
                var u0 = TSimd.LoadWords(word);
                var u1 = TSimd.LoadWords(word + TSimd.Lanes);
                for (var end = x + (32 / TCode.Bits); x < end; x++)
                {
                    var w0 = TCode.Decode<TSimd, TFloat, TWord>(u0);
                    var w1 = TCode.Decode<TSimd, TFloat, TWord>(u1);
                    w0 = TCode.HasBias ? TSimd.MultiplyAdd(w0, s0, t0) : TSimd.Multiply(w0, s0);
                    w1 = TCode.HasBias ? TSimd.MultiplyAdd(w1, s1, t1) : TSimd.Multiply(w1, s1);
                    u0 = TSimd.ShiftRight(u0, TCode.Bits);
                    u1 = TSimd.ShiftRight(u1, TCode.Bits);

                    var row = TSimd.Broadcast(x[0]);
                    a0 = TSimd.MultiplyAdd(row, w0, a0);
                    a1 = TSimd.MultiplyAdd(row, w1, a1);
                    if (TRows.Count > 1)
                    {
                        row = TSimd.Broadcast(x[xStride]);
                        b0 = TSimd.MultiplyAdd(row, w0, b0);
                        b1 = TSimd.MultiplyAdd(row, w1, b1);
                    }

                    if (TRows.Count > 2)
                    {
                        row = TSimd.Broadcast(x[2 * xStride]);
                        c0 = TSimd.MultiplyAdd(row, w0, c0);
                        c1 = TSimd.MultiplyAdd(row, w1, c1);
                    }

                    if (TRows.Count > 3)
                    {
                        row = TSimd.Broadcast(x[3 * xStride]);
                        d0 = TSimd.MultiplyAdd(row, w0, d0);
                        d1 = TSimd.MultiplyAdd(row, w1, d1);
                    }

                    if (TRows.Count > 4)
                    {
                        row = TSimd.Broadcast(x[4 * xStride]);
                        e0 = TSimd.MultiplyAdd(row, w0, e0);
                        e1 = TSimd.MultiplyAdd(row, w1, e1);
                    }

                    if (TRows.Count > 5)
                    {
                        row = TSimd.Broadcast(x[5 * xStride]);
                        f0 = TSimd.MultiplyAdd(row, w0, f0);
                        f1 = TSimd.MultiplyAdd(row, w1, f1);
                    }
                }
            }
        }

        Store(y, a0, a1);
        if (TRows.Count > 1)
            Store(y + yStride, b0, b1);
        if (TRows.Count > 2)
            Store(y + (2 * yStride), c0, c1);
        if (TRows.Count > 3)
            Store(y + (3 * yStride), d0, d1);
        if (TRows.Count > 4)
            Store(y + (4 * yStride), e0, e1);
        if (TRows.Count > 5)
            Store(y + (5 * yStride), f0, f1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, TFloat low, TFloat high)
    {
        TSimd.Store(y, low);
        TSimd.Store(y + TSimd.Lanes, high);
    }
}
