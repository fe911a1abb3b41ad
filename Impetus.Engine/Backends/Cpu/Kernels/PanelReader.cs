using Impetus.Engine.Backends.Cpu.Simd;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Reads single numbers of a <see cref="PanelMatrix"/>: embeddings are looked up so.</summary>
internal static unsafe class PanelReader
{
    /// <summary>One group of one output.</summary>
    public static void ReadGroup(PanelMatrix matrix, byte* group, int lane, Span<float> destination)
    {
        if (matrix.Code == PanelCode.Dense)
        {
            destination[0] = Number(group, matrix.Element, lane);
            return;
        }

        var words = (uint*)(group + matrix.WordOffset) + lane;
        var scale = matrix.Code switch
        {
            PanelCode.Affine => Number(group, matrix.Element, lane),
            PanelCode.NvFp4 => E4M3Element.Load<SimdScalar, float, uint>(group + lane),
            _ => E8M0Element.Load<SimdScalar, float, uint>(group + lane),
        };
        var bias = matrix.Code == PanelCode.Affine ? Number(group + (PanelMatrix.Lanes * matrix.Element.Size()), matrix.Element, lane) : 0;
        for (var i = 0; i < destination.Length; i++)
        {
            var code = Bits(words, i * matrix.Bits, matrix.Bits);
            destination[i] = matrix.Code switch
            {
                PanelCode.Affine => (code * scale) + bias,
                PanelCode.MxFp8 => Float8Code.Decode<SimdScalar, float, uint>(code) * scale,
                _ => Float4Code.Decode<SimdScalar, float, uint>(code) * scale,
            };
        }
    }

    /// <summary>One stored float.</summary>
    public static float Number(byte* data, DType type, long index) => type switch
    {
        DType.F32 => ((float*)data)[index],
        DType.F16 => (float)((Half*)data)[index],
        DType.BF16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)data)[index] << 16),
        _ => throw new NotSupportedException($"{type} is no type of weights, scales or biases."),
    };

    /// <summary>Bits of one output's stream, whose words are a panel's width apart.</summary>
    private static uint Bits(uint* words, int first, int count)
    {
        var word = words[first / 32 * PanelMatrix.Lanes];
        var shift = first % 32;
        var bits = word >> shift;
        if (shift + count > 32)
            bits |= words[((first / 32) + 1) * PanelMatrix.Lanes] << (32 - shift);
        return bits & ((1u << count) - 1);
    }
}
