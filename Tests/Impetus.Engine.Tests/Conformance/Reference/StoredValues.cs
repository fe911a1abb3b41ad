using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>Reads what a checkpoint stores, one value at a time, by the definitions of the formats.</summary>
internal static unsafe class StoredValues
{
    private static readonly float[] E2M1 = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];

    /// <summary>All numbers of a dense tensor.</summary>
    public static float[] Dense(StoredTensor stored)
    {
        var values = new float[stored.Count];
        for (var i = 0L; i < values.LongLength; i++)
            values[i] = Dense(stored, i);
        return values;
    }

    /// <summary>All numbers of a matrix, row-major.</summary>
    public static float[] Matrix(StoredLinear stored)
    {
        if (stored.Format is not { } format)
            return Dense(stored.Weight);

        var (rows, columns) = (stored.OutFeatures, stored.InFeatures);
        var groups = columns / format.GroupSize;
        var values = new float[(long)rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var code = Code(stored.Weight, row, column, format.Bits);
                var group = ((long)row * groups) + (column / format.GroupSize);
                values[((long)row * columns) + column] = format.Mode switch
                {
                    QuantizationMode.Affine => (code * Dense(stored.Scales!, group)) + Dense(stored.Biases!, group),
                    QuantizationMode.MxFp4 => SignedE2M1(code) * E8M0(stored.Scales!.Data[group]),
                    QuantizationMode.MxFp8 => E4M3(code) * E8M0(stored.Scales!.Data[group]),
                    QuantizationMode.NvFp4 => SignedE2M1(code) * E4M3(stored.Scales!.Data[group]),
                    _ => throw new NotSupportedException($"{format.Mode} is not a known quantisation."),
                };
            }
        }

        return values;
    }

    private static float Dense(StoredTensor stored, long index) => stored.Type switch
    {
        DType.F32 => ((float*)stored.Data)[index],
        DType.F16 => (float)((Half*)stored.Data)[index],
        DType.BF16 => BitConverter.Int32BitsToSingle(((ushort*)stored.Data)[index] << 16),
        _ => throw new NotSupportedException($"{stored.Name} is {stored.Type}, which is no type for weights."),
    };

    private static uint Code(StoredTensor packed, int row, int column, int bits)
    {
        var first = (((long)row * packed.Shape[1]) * 32) + ((long)column * bits);
        var code = 0u;
        for (var i = 0; i < bits; i++)
        {
            var bit = first + i;
            code |= (((uint*)packed.Data)[bit / 32] >> (int)(bit % 32) & 1) << i;
        }

        return code;
    }

    private static float SignedE2M1(uint code) => (code & 8) == 0 ? E2M1[code & 7] : -E2M1[code & 7];

    private static float E8M0(uint exponent) => exponent == 255 ? float.NaN : MathF.ScaleB(1, (int)exponent - 127);

    private static float E4M3(uint code)
    {
        var (exponent, mantissa) = ((int)(code >> 3) & 15, (int)code & 7);
        var magnitude = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(mantissa, -9),
            _ => MathF.ScaleB(8 + mantissa, exponent - 10),
        };
        return (code & 0x80) == 0 ? magnitude : -magnitude;
    }
}
