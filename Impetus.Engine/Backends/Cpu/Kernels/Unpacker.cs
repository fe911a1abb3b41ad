using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// Turns groups of a panel into floats, [k][32]: what many rows then share. The numbers are those that
/// <see cref="RowKernels{TSimd,TFloat,TWord}.Packed"/> meets on its way, to the bit.
/// </summary>
internal static unsafe class Unpacker<TSimd, TFloat, TWord>
    where TSimd : ISimd<TFloat, TWord>
    where TFloat : unmanaged
    where TWord : unmanaged
{
    /// <summary>Dense numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dense<TElement>(byte* numbers, int depth, float* destination)
        where TElement : IElement
    {
        for (var i = 0; i < depth * PanelMatrix.Lanes; i += TSimd.Lanes)
            TSimd.Store(destination + i, TElement.Load<TSimd, TFloat, TWord>(numbers + ((long)i * TElement.Size)));
    }

    /// <summary>Codes that do not cross words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Packed<TCode, TScale>(PanelMatrix matrix, byte* group, int groups, float* destination)
        where TCode : ICode
        where TScale : IElement
    {
        var words = matrix.GroupSize / (32 / TCode.Bits);
        for (var g = 0; g < groups; g++, group += matrix.GroupBytes, destination += matrix.GroupSize * PanelMatrix.Lanes)
        {
            for (var lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
            {
                var scale = TScale.Load<TSimd, TFloat, TWord>(group + (lane * TScale.Size));
                var bias = TCode.HasBias ? TScale.Load<TSimd, TFloat, TWord>(group + ((PanelMatrix.Lanes + lane) * TScale.Size)) : scale;
                var word = (uint*)(group + matrix.WordOffset) + lane;
                var to = destination + lane;
                for (var w = 0; w < words; w++, word += PanelMatrix.Lanes)
                {
                    var codes = TSimd.LoadWords(word);
                    for (var i = 0; i < 32; i += TCode.Bits, to += PanelMatrix.Lanes)
                    {
                        var value = TCode.Decode<TSimd, TFloat, TWord>(codes);
                        TSimd.Store(to, TCode.HasBias ? TSimd.MultiplyAdd(value, scale, bias) : TSimd.Multiply(value, scale));
                        codes = TSimd.ShiftRight(codes, TCode.Bits);
                    }
                }
            }
        }
    }

    /// <summary>Integer codes of any width, which may lie in two words: 3, 5 and 6 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Crossing<TScale>(PanelMatrix matrix, byte* group, int groups, float* destination)
        where TScale : IElement
    {
        var bits = matrix.Bits;
        var mask = TSimd.BroadcastWord((1u << bits) - 1);
        for (var g = 0; g < groups; g++, group += matrix.GroupBytes, destination += matrix.GroupSize * PanelMatrix.Lanes)
        {
            for (var lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
            {
                var scale = TScale.Load<TSimd, TFloat, TWord>(group + (lane * TScale.Size));
                var bias = TScale.Load<TSimd, TFloat, TWord>(group + ((PanelMatrix.Lanes + lane) * TScale.Size));
                var words = (uint*)(group + matrix.WordOffset) + lane;
                for (var i = 0; i < matrix.GroupSize; i++)
                {
                    var (word, shift) = (i * bits / 32, i * bits % 32);
                    var code = TSimd.ShiftRight(TSimd.LoadWords(words + (word * PanelMatrix.Lanes)), shift);
                    if (shift + bits > 32)
                        code = TSimd.Or(code, TSimd.ShiftLeft(TSimd.LoadWords(words + ((word + 1) * PanelMatrix.Lanes)), 32 - shift));
                    var value = TSimd.ToFloats(TSimd.And(code, mask));
                    TSimd.Store(destination + (i * PanelMatrix.Lanes) + lane, TSimd.MultiplyAdd(value, scale, bias));
                }
            }
        }
    }
}
