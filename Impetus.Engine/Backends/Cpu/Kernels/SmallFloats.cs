using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>
/// Floats of few bits. Exponent and mantissa are moved to where a single has them; the product with a power of two then
/// corrects the bias of the exponent, and gives subnormal numbers their value on the way.
/// </summary>
internal static class SmallFloats
{
    /// <summary>2^(127 - 15): from half precision.</summary>
    public const float TwoTo112 = 5.192296858534828e33f;

    /// <summary>2^(127 - 7): from e4m3.</summary>
    public const float TwoTo120 = 1.329227995784916e36f;

    /// <summary>2^(127 - 1): from e2m1.</summary>
    public const float TwoTo126 = 8.507059173023462e37f;

    /// <summary>The value without its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Magnitude<TSimd, TFloat, TWord>(TWord bits, uint mask, int shift, float rebias)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged =>
        TSimd.Multiply(TSimd.AsFloats(TSimd.ShiftLeft(TSimd.And(bits, TSimd.BroadcastWord(mask)), shift)), TSimd.Broadcast(rebias));
}
