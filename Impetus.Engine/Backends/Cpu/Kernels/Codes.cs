using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>What the bits of a quantised weight stand for, before scale and bias of the group.</summary>
internal interface ICode
{
    /// <summary>Bits of a code; they divide 32, so that a word holds whole codes.</summary>
    static abstract int Bits { get; }

    /// <summary>Whether groups have a bias beside the scale.</summary>
    static abstract bool HasBias { get; }

    /// <summary>The value of the code in the lowest bits of each word; the bits above may be anything.</summary>
    static abstract TFloat Decode<TSimd, TFloat, TWord>(TWord words)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged;
}

/// <summary>0 to 3.</summary>
internal readonly struct Affine2Code : ICode
{
    public static int Bits => 2;

    public static bool HasBias => true;

    public static TFloat Decode<TSimd, TFloat, TWord>(TWord words)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.ToFloats(TSimd.And(words, TSimd.BroadcastWord(3)));
}

/// <summary>0 to 15.</summary>
internal readonly struct Affine4Code : ICode
{
    public static int Bits => 4;

    public static bool HasBias => true;

    public static TFloat Decode<TSimd, TFloat, TWord>(TWord words)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Nibble(words);
}

/// <summary>0 to 255.</summary>
internal readonly struct Affine8Code : ICode
{
    public static int Bits => 8;

    public static bool HasBias => true;

    public static TFloat Decode<TSimd, TFloat, TWord>(TWord words)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.ToFloats(TSimd.And(words, TSimd.BroadcastWord(255)));
}

/// <summary>e2m1: 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives.</summary>
internal readonly struct Float4Code : ICode
{
    public static int Bits => 4;

    public static bool HasBias => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Decode<TSimd, TFloat, TWord>(TWord words)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged
    {
        var magnitude = SmallFloats.Magnitude<TSimd, TFloat, TWord>(words, 7, 22, SmallFloats.TwoTo126);
        return TSimd.AsFloats(TSimd.Or(TSimd.AsWords(magnitude), TSimd.ShiftLeft(TSimd.And(words, TSimd.BroadcastWord(8)), 28)));
    }
}

/// <summary>e4m3 without infinities: up to 448; all bits set but the sign is no number.</summary>
internal readonly struct Float8Code : ICode
{
    public static int Bits => 8;

    public static bool HasBias => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Decode<TSimd, TFloat, TWord>(TWord words)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged
    {
        var magnitude = SmallFloats.Magnitude<TSimd, TFloat, TWord>(words, 0x7F, 20, SmallFloats.TwoTo120);
        var bits = TSimd.Or(TSimd.AsWords(magnitude), TSimd.AtLeast(magnitude, TSimd.Broadcast(480)));
        return TSimd.AsFloats(TSimd.Or(bits, TSimd.ShiftLeft(TSimd.And(words, TSimd.BroadcastWord(0x80)), 24)));
    }
}
