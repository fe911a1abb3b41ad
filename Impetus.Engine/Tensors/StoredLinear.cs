namespace Impetus.Engine.Tensors;

/// <summary>
/// A linear layer or an embedding table as a checkpoint stores it: dense, or quantised in MLX's format.
/// </summary>
/// <param name="Weight">(out, in) dense, or u32 (out, in · bits / 32) packed.</param>
/// <param name="Scales">(out, in / group), for quantised weights.</param>
/// <param name="Biases">(out, in / group), for affine quantised weights: added to each value of the group.</param>
/// <param name="Bias">(out), added to the product.</param>
/// <param name="Format">How <paramref name="Weight"/> is packed; null when it is dense.</param>
public sealed record StoredLinear(
    StoredTensor Weight, StoredTensor? Scales = null, StoredTensor? Biases = null, StoredTensor? Bias = null, Quantization? Format = null)
{
    /// <summary>How many numbers come out: rows of the matrix.</summary>
    public int OutFeatures => Weight.Shape[0];

    /// <summary>How many numbers go in: columns of the matrix, unpacked.</summary>
    public int InFeatures => Format is { } format ? checked((int)((long)Weight.Shape[1] * 32 / format.Bits)) : Weight.Shape[1];

    /// <summary>Bytes of all parts.</summary>
    public long ByteLength =>
        Weight.ByteLength + (Scales?.ByteLength ?? 0) + (Biases?.ByteLength ?? 0) + (Bias?.ByteLength ?? 0);

    /// <summary>Some of the rows, without a copy: one of several layers that a checkpoint stores as one.</summary>
    public StoredLinear Rows(int first, int count) =>
        new(Weight.Rows(first, count), Scales?.Rows(first, count), Biases?.Rows(first, count), Bias?.Rows(first, count), Format);
}
