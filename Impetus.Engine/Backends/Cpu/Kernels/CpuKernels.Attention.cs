using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Memory;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// Attention with online softmax (Milakov and Gimelshein 2018), block after block in the order of positions. A block that a row
/// does not see leaves the row untouched, and a masked position has weight 0: so a row's bits depend on its own keys alone.
/// </summary>
internal sealed unsafe partial class CpuKernels<TSimd, TFloat, TWord>
{
    private const int BlockTokens = KeyValueLayout.BlockTokens;

    public override void Attend(in AttentionTile tile, float* scratch)
    {
        var layout = tile.Memory.Layout;
        var rows = tile.Tokens * tile.Heads;
        var query = scratch;
        var scores = query + ((nint)rows * layout.KeyWidth);
        var mixed = scores + ((nint)rows * BlockTokens);
        var largest = mixed + ((nint)rows * layout.PaddedValueWidth);
        var sums = largest + rows;

        for (var row = 0; row < rows; row++)
        {
            var (token, head) = (row / tile.Heads, row % tile.Heads);
            Scale(tile.Query + (token * tile.QueryStride) + (head * layout.KeyWidth), tile.Scale, query + (row * layout.KeyWidth), layout.KeyWidth);
            largest[row] = tile.Sinks is null ? float.NegativeInfinity : tile.Sinks[head];
            sums[row] = tile.Sinks is null ? 0 : 1;
        }

        new Span<float>(mixed, rows * layout.PaddedValueWidth).Clear();
        var (first, end) = (First(tile, 0), End(tile, tile.Tokens - 1));
        for (var block = first / BlockTokens; block * BlockTokens < end; block++)
        {
            var start = block * BlockTokens;
            var (from, to) = (Math.Max(0, first - start), Math.Min(BlockTokens, end - start));
            Score(tile, block, rows, to, query, scores);
            for (var row = 0; row < rows; row++)
                Weigh(tile, start, to, row, scores + (row * BlockTokens), ref largest[row], ref sums[row], mixed + (row * layout.PaddedValueWidth));
            Mix(tile, block, rows, from, to, scores, mixed);
        }

        for (var row = 0; row < rows; row++)
        {
            var (token, head) = (row / tile.Heads, row % tile.Heads);
            Scale(mixed + (row * layout.PaddedValueWidth), 1 / sums[row], tile.Output + (token * tile.OutputStride) + (head * layout.ValueWidth), layout.ValueWidth);
        }
    }

    private static int First(in AttentionTile tile, int token) => Math.Max(0, tile.Position + token - tile.Left);

    private static int End(in AttentionTile tile, int token) => (int)Math.Min(tile.Keys, tile.Position + token + 1L + tile.Right);

    /// <summary>Scores of all rows with the first <paramref name="to"/> keys of a block.</summary>
    private static void Score(in AttentionTile tile, int block, int rows, int to, float* query, float* scores)
    {
        var width = tile.Memory.Layout.KeyWidth;
        var keys = tile.Memory.Keys(block);
        for (var row = 0; row < rows; row += RowKernels<TSimd, TFloat, TWord>.MaxRows)
        {
            for (var slot = 0; slot < to; slot += 2 * TSimd.Lanes)
            {
                MultiplyRows<F32Element>(
                    Math.Min(RowKernels<TSimd, TFloat, TWord>.MaxRows, rows - row),
                    query + (row * width),
                    width,
                    (byte*)(keys + (slot / PanelMatrix.Lanes * width * PanelMatrix.Lanes) + (slot % PanelMatrix.Lanes)),
                    PanelMatrix.Lanes * sizeof(float),
                    width,
                    scores + (row * BlockTokens) + slot,
                    BlockTokens,
                    accumulate: false);
            }
        }
    }

    /// <summary>
    /// Turns a row's scores into weights, and brings what it has mixed so far to the new largest score. Of a block's slots the
    /// first <paramref name="reach"/> are read later, whatever this row sees of them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(in AttentionTile tile, int start, int reach, int row, float* scores, ref float largest, ref float sum, float* mixed)
    {
        var (token, head) = (row / tile.Heads, row % tile.Heads);
        var from = Math.Max(0, First(tile, token) - start);
        var to = Math.Min(BlockTokens, End(tile, token) - start);
        if (from >= to)
        {
            new Span<float>(scores, BlockTokens).Clear();
            return;
        }

        var slots = (reach + TSimd.Lanes - 1) / TSimd.Lanes * TSimd.Lanes;
        new Span<float>(scores, from).Fill(float.NegativeInfinity);
        new Span<float>(scores + to, slots - to).Fill(float.NegativeInfinity);
        if (tile.SoftCap != 0)
            Map<CappedTanh>(scores + from, tile.SoftCap, scores + from, to - from);
        if (tile.Bias is not null)
            Map<Sum>(scores + from, tile.Bias + (head * tile.BiasStride) + (start + from - tile.Position - token), scores + from, to - from);

        var peak = TSimd.Broadcast(largest);
        for (var slot = 0; slot < slots; slot += TSimd.Lanes)
            peak = TSimd.Max(peak, TSimd.Load(scores + slot));
        var newLargest = TSimd.Largest(peak);

        var shift = TSimd.Broadcast(newLargest);
        var total = TSimd.Broadcast(0);
        for (var slot = 0; slot < slots; slot += TSimd.Lanes)
        {
            var weight = MathFunctions<TSimd, TFloat, TWord>.Exp(TSimd.Subtract(TSimd.Load(scores + slot), shift));
            TSimd.Store(scores + slot, weight);
            total = TSimd.Add(total, weight);
        }

        var correction = MathF.Exp(largest - newLargest);
        sum = (sum * correction) + TSimd.Sum(total);
        largest = newLargest;
        if (correction != 1)
            Map<Product>(mixed, correction, mixed, tile.Memory.Layout.PaddedValueWidth);
    }

    /// <summary>Adds a block's values, weighted, to what all rows have mixed so far.</summary>
    private static void Mix(in AttentionTile tile, int block, int rows, int from, int to, float* weights, float* mixed)
    {
        var stride = tile.Memory.Layout.PaddedValueWidth;
        var values = tile.Memory.Values(block) + (from * PanelMatrix.Lanes);
        for (var row = 0; row < rows; row += RowKernels<TSimd, TFloat, TWord>.MaxRows)
        {
            for (var feature = 0; feature < stride; feature += 2 * TSimd.Lanes)
            {
                MultiplyRows<F32Element>(
                    Math.Min(RowKernels<TSimd, TFloat, TWord>.MaxRows, rows - row),
                    weights + (row * BlockTokens) + from,
                    BlockTokens,
                    (byte*)(values + (feature / PanelMatrix.Lanes * BlockTokens * PanelMatrix.Lanes) + (feature % PanelMatrix.Lanes)),
                    PanelMatrix.Lanes * sizeof(float),
                    to - from,
                    mixed + (row * stride) + feature,
                    stride,
                    accumulate: true);
            }
        }
    }
}
