namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// Rows of activations as 16-bit integers with a scale a group. A row is first its integers, in the order in which the codes
/// of a word come apart into pairs: for 4 bits (0, 4), (1, 5), (2, 6), (3, 7), for 8 bits (0, 2), (1, 3). Then the scales of
/// its groups, then for each group its scaled sum, which the weights' bias is multiplied with.
/// </summary>
/// <param name="Memory">The first row.</param>
/// <param name="Width">Numbers of a row.</param>
/// <param name="GroupSize">Numbers of a group.</param>
/// <param name="Bits">Bits of the codes that the rows will meet, 4 or 8.</param>
internal readonly unsafe record struct RoundedRows(nint Memory, int Width, int GroupSize, int Bits)
{
    /// <summary>The most rows that are worth rounding: more are faster in f32.</summary>
    public const int MaxRows = 4;

    /// <summary>32-bit words from row to row.</summary>
    public int Stride => Scales + (2 * (Width / GroupSize));

    /// <summary>Where in a row the scales begin.</summary>
    public int Scales => Width / 2;

    /// <summary>Where in a row the sums begin.</summary>
    public int Sums => Scales + (Width / GroupSize);

    /// <summary>A row.</summary>
    public uint* Row(int row) => (uint*)Memory + ((nint)row * Stride);

    /// <summary>Whether a matrix's codes can be met so.</summary>
    public static bool Fit(PanelMatrix matrix) => matrix is { Code: PanelCode.Affine, Bits: 4 or 8 };
}
