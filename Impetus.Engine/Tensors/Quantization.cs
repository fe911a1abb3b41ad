namespace Impetus.Engine.Tensors;

/// <summary>How a quantised value is read back: MLX's modes.</summary>
public enum QuantizationMode
{
    /// <summary>value = code · scale + bias, per group.</summary>
    Affine,

    /// <summary>e2m1 codes under an e8m0 scale per 32 (OCP Microscaling formats).</summary>
    MxFp4,

    /// <summary>e4m3 codes under an e8m0 scale per 32.</summary>
    MxFp8,

    /// <summary>e2m1 codes under an e4m3 scale per 16.</summary>
    NvFp4,
}

/// <summary>
/// How a matrix is packed. A row is one little-endian bit stream, value i in bits [i·bits, (i+1)·bits), without padding;
/// each <paramref name="GroupSize"/> values of a row share a scale (and a bias).
/// </summary>
/// <param name="GroupSize">Values of a row under one scale: 32, 64 or 128 (16 for nvfp4).</param>
/// <param name="Bits">Bits of a value: 2, 3, 4, 5, 6 or 8.</param>
/// <param name="Mode">How a code becomes a value.</param>
public readonly record struct Quantization(int GroupSize, int Bits, QuantizationMode Mode = QuantizationMode.Affine);
