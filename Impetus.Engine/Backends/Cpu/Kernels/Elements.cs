using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>How a number of its own is stored: a dense weight, or the scale of a group.</summary>
internal unsafe interface IElement
{
    /// <summary>Bytes.</summary>
    static abstract int Size { get; }

    /// <summary>Reads a register full of consecutive numbers.</summary>
    static abstract TFloat Load<TSimd, TFloat, TWord>(byte* source)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged;
}

/// <summary>IEEE 754 single precision.</summary>
internal readonly unsafe struct F32Element : IElement
{
    public static int Size => 4;

    public static TFloat Load<TSimd, TFloat, TWord>(byte* source)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Load((float*)source);
}

/// <summary>IEEE 754 half precision.</summary>
internal readonly unsafe struct F16Element : IElement
{
    public static int Size => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Load<TSimd, TFloat, TWord>(byte* source)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged
    {
        var bits = TSimd.WidenHalves((ushort*)source);
        var magnitude = SmallFloats.Magnitude<TSimd, TFloat, TWord>(bits, 0x7FFF, 13, SmallFloats.TwoTo112);
        // 2¹⁶ and more have the exponent that stands for infinity and for what is no number.
        var special = TSimd.And(TSimd.AtLeast(magnitude, TSimd.Broadcast(65536)), TSimd.BroadcastWord(0x7F800000));
        var sign = TSimd.ShiftLeft(TSimd.And(bits, TSimd.BroadcastWord(0x8000)), 16);
        return TSimd.AsFloats(TSimd.Or(TSimd.Or(TSimd.AsWords(magnitude), special), sign));
    }
}

/// <summary>The upper half of a single.</summary>
internal readonly unsafe struct BF16Element : IElement
{
    public static int Size => 2;

    public static TFloat Load<TSimd, TFloat, TWord>(byte* source)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.AsFloats(TSimd.ShiftLeft(TSimd.WidenHalves((ushort*)source), 16));
}

/// <summary>The scale of the mx formats: a power of two by its exponent alone.</summary>
internal readonly unsafe struct E8M0Element : IElement
{
    public static int Size => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Load<TSimd, TFloat, TWord>(byte* source)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged
    {
        // Exponent 0 is the one subnormal, 2⁻¹²⁷.
        var power = TSimd.AsFloats(TSimd.ShiftLeft(TSimd.WidenBytes(source), 23));
        return TSimd.Max(power, TSimd.AsFloats(TSimd.BroadcastWord(1u << 22)));
    }
}

/// <summary>The scale of nvfp4, and the codes of mxfp8.</summary>
internal readonly unsafe struct E4M3Element : IElement
{
    public static int Size => 1;

    public static TFloat Load<TSimd, TFloat, TWord>(byte* source)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => Float8Code.Decode<TSimd, TFloat, TWord>(TSimd.WidenBytes(source));
}
