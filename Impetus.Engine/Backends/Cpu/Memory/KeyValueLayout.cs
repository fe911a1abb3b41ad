using Impetus.Engine.Backends.Cpu.Kernels;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>
/// How keys and values of 64 consecutive positions lie in a block. Both are panels of 32 columns, as weights are, so that
/// attention is two products which read memory from front to back: a head has first its keys, turned, in panels of 32
/// positions, [2][Dk][32], and then its values in panels of 32 features, [Dv / 32][64][32], the last one filled up.
/// </summary>
internal readonly record struct KeyValueLayout(int Heads, int KeyWidth, int ValueWidth)
{
    /// <summary>Positions of a block. Blocks begin at multiples of it, so that the order of summation is the same for any chunking.</summary>
    public const int BlockTokens = 64;

    /// <summary>Features of a value, filled up to whole panels.</summary>
    public int PaddedValueWidth => PaddedWidth(ValueWidth);

    /// <summary>Numbers of a head.</summary>
    public int HeadSize => BlockTokens * (KeyWidth + PaddedValueWidth);

    /// <summary>Numbers of a block.</summary>
    public int BlockSize => Heads * HeadSize;

    /// <summary>The next multiple of a panel's width.</summary>
    public static int PaddedWidth(int width) => (width + PanelMatrix.Lanes - 1) / PanelMatrix.Lanes * PanelMatrix.Lanes;
}

/// <summary>One KV head in the blocks of one sequence.</summary>
/// <param name="Blocks">Where the blocks begin.</param>
/// <param name="Offset">Numbers from a block's begin to the head.</param>
/// <param name="Layout">How the head lies there.</param>
internal readonly unsafe record struct KeyValueHead(nint[] Blocks, long Offset, KeyValueLayout Layout)
{
    /// <summary>Keys of a block, [2][Dk][32].</summary>
    public float* Keys(int block) => (float*)Blocks[block] + Offset;

    /// <summary>Values of a block, [Dv / 32][64][32].</summary>
    public float* Values(int block) => Keys(block) + (KeyValueLayout.BlockTokens * Layout.KeyWidth);

    /// <summary>Writes one position.</summary>
    public void Write(int position, float* key, float* value)
    {
        var (block, slot) = (position / KeyValueLayout.BlockTokens, position % KeyValueLayout.BlockTokens);
        var keys = Keys(block) + (slot / PanelMatrix.Lanes * Layout.KeyWidth * PanelMatrix.Lanes) + (slot % PanelMatrix.Lanes);
        for (var d = 0; d < Layout.KeyWidth; d++)
            keys[d * PanelMatrix.Lanes] = key[d];

        var values = Values(block) + (slot * PanelMatrix.Lanes);
        for (var d = 0; d < Layout.ValueWidth; d += PanelMatrix.Lanes, values += KeyValueLayout.BlockTokens * PanelMatrix.Lanes)
        {
            var width = Math.Min(PanelMatrix.Lanes, Layout.ValueWidth - d);
            new ReadOnlySpan<float>(value + d, width).CopyTo(new Span<float>(values, width));
        }
    }
}
