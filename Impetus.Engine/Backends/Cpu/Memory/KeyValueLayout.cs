using Impetus.Engine.Backends.Cpu.Kernels;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>
/// How keys and values of 64 consecutive positions lie in a block. A head has its keys turned, [Dk][64], so that scores run
/// along positions, and then its values, [64][Dv], so that their mixture runs along features: both are products with a panel.
/// Values are padded to a panel's width.
/// </summary>
internal readonly record struct KeyValueLayout(int Heads, int KeyWidth, int ValueWidth)
{
    /// <summary>Positions of a block. Blocks begin at multiples of it, so that the order of summation is the same for any chunking.</summary>
    public const int BlockTokens = 64;

    /// <summary>Numbers from one position's values to the next one's.</summary>
    public int ValueStride => PaddedWidth(ValueWidth);

    /// <summary>Numbers of a head.</summary>
    public int HeadSize => BlockTokens * (KeyWidth + ValueStride);

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
    /// <summary>Turned keys of a block, [Dk][64].</summary>
    public float* Keys(int block) => (float*)Blocks[block] + Offset;

    /// <summary>Values of a block, [64][padded Dv].</summary>
    public float* Values(int block) => Keys(block) + (KeyValueLayout.BlockTokens * Layout.KeyWidth);

    /// <summary>Writes one position.</summary>
    public void Write(int position, float* key, float* value)
    {
        var (block, slot) = (position / KeyValueLayout.BlockTokens, position % KeyValueLayout.BlockTokens);
        var keys = Keys(block) + slot;
        for (var d = 0; d < Layout.KeyWidth; d++)
            keys[d * KeyValueLayout.BlockTokens] = key[d];
        new ReadOnlySpan<float>(value, Layout.ValueWidth).CopyTo(
            new Span<float>(Values(block) + (slot * Layout.ValueStride), Layout.ValueWidth));
    }
}
