using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Transcendental functions on registers. A lane's result depends on nothing but the lane.</summary>
internal static class MathFunctions<TSimd, TFloat, TWord>
    where TSimd : ISimd<TFloat, TWord>
    where TFloat : unmanaged
    where TWord : unmanaged
{
    /// <summary>
    /// eˣ within two units in the last place: x = n · ln 2 + r, the Taylor polynomial of r, times 2ⁿ in two steps, so that
    /// subnormal results are met.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Exp(TFloat x)
    {
        // ln 2 in two parts, the first with trailing zeros: n · high is exact.
        const float High = 0.693145752f, Low = 1.42860677e-6f;
        x = TSimd.Min(TSimd.Broadcast(90), TSimd.Max(TSimd.Broadcast(-110), x));
        var n = TSimd.Round(TSimd.Multiply(x, TSimd.Broadcast(1.44269504f)));
        var r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-High), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-Low), r);

        var p = TSimd.Broadcast(1f / 5040);
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 720));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 120));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 24));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 6));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(0.5f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1));

        var half = TSimd.Round(TSimd.Multiply(n, TSimd.Broadcast(0.5f)));
        return TSimd.Multiply(TSimd.Multiply(p, PowerOfTwo(half)), PowerOfTwo(TSimd.Subtract(n, half)));
    }

    /// <summary>tanh x: 1 - 2 / (e²ˣ + 1), and near 0, where that cancels, the series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Tanh(TFloat x)
    {
        var one = TSimd.Broadcast(1);
        var far = TSimd.Subtract(one, TSimd.Divide(TSimd.Broadcast(2), TSimd.Add(Exp(TSimd.Add(x, x)), one)));

        var square = TSimd.Multiply(x, x);
        var p = TSimd.Broadcast(-1382f / 155925);
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(62f / 2835));
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(-17f / 315));
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(2f / 15));
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(-1f / 3));
        var near = TSimd.MultiplyAdd(TSimd.Multiply(p, square), x, x);
        return TSimd.Select(TSimd.AtLeast(TSimd.Broadcast(0.09f), square), near, far);
    }

    /// <summary>x · σ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Silu(TFloat x) =>
        TSimd.Divide(x, TSimd.Add(TSimd.Broadcast(1), Exp(TSimd.Subtract(TSimd.Broadcast(0), x))));

    /// <summary>x · Φ(x), Φ within 1e-7 by Abramowitz and Stegun 7.1.26.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Gelu(TFloat x)
    {
        var one = TSimd.Broadcast(1);
        var z = TSimd.Multiply(TSimd.Max(x, TSimd.Subtract(TSimd.Broadcast(0), x)), TSimd.Broadcast(0.707106781f));
        var t = TSimd.Divide(one, TSimd.MultiplyAdd(z, TSimd.Broadcast(0.3275911f), one));
        var p = TSimd.Broadcast(1.061405429f);
        p = TSimd.MultiplyAdd(p, t, TSimd.Broadcast(-1.453152027f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Broadcast(1.421413741f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Broadcast(-0.284496736f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Broadcast(0.254829592f));
        var tail = TSimd.Multiply(TSimd.Multiply(p, t), Exp(TSimd.Multiply(TSimd.Subtract(TSimd.Broadcast(0), z), z)));
        tail = TSimd.Multiply(tail, TSimd.Broadcast(0.5f));
        return TSimd.Multiply(x, TSimd.Select(TSimd.AtLeast(x, TSimd.Broadcast(0)), TSimd.Subtract(one, tail), tail));
    }

    /// <summary>GELU by tanh.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat GeluTanh(TFloat x)
    {
        var cube = TSimd.Multiply(TSimd.Multiply(x, x), x);
        var inner = TSimd.Multiply(TSimd.MultiplyAdd(cube, TSimd.Broadcast(0.044715f), x), TSimd.Broadcast(0.797884561f));
        return TSimd.Multiply(TSimd.Multiply(TSimd.Broadcast(0.5f), x), TSimd.Add(TSimd.Broadcast(1), Tanh(inner)));
    }

    private static TFloat PowerOfTwo(TFloat exponent) =>
        TSimd.AsFloats(TSimd.ShiftLeft(TSimd.AddWords(TSimd.ToWords(exponent), TSimd.BroadcastWord(127)), 23));
}
