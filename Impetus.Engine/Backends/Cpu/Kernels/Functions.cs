using Impetus.Engine.Backends.Cpu.Simd;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>An elementwise function of two arguments, compiled into the loop that applies it.</summary>
internal interface IFunction
{
    static abstract TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged;
}

/// <summary>a + b.</summary>
internal readonly struct Sum : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Add(a, b);
}

/// <summary>a · b.</summary>
internal readonly struct Product : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(a, b);
}

/// <summary>b · tanh(a / b).</summary>
internal readonly struct CappedTanh : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(b, MathFunctions<TSimd, TFloat, TWord>.Tanh(TSimd.Divide(a, b)));
}

/// <summary>silu(a) · b.</summary>
internal readonly struct GatedSilu : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(MathFunctions<TSimd, TFloat, TWord>.Silu(a), b);
}

/// <summary>gelu(a) · b.</summary>
internal readonly struct GatedGelu : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(MathFunctions<TSimd, TFloat, TWord>.Gelu(a), b);
}

/// <summary>gelu(a) · b, GELU by tanh.</summary>
internal readonly struct GatedGeluTanh : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(MathFunctions<TSimd, TFloat, TWord>.GeluTanh(a), b);
}

/// <summary>max(a, 0) · b.</summary>
internal readonly struct GatedRelu : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(TSimd.Max(TSimd.Broadcast(0), a), b);
}

/// <summary>max(a, 0)² · b.</summary>
internal readonly struct GatedReluSquared : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(TSimd.Multiply(TSimd.Max(TSimd.Broadcast(0), a), TSimd.Max(TSimd.Broadcast(0), a)), b);
}

/// <summary>tanh(a) · b.</summary>
internal readonly struct GatedTanh : IFunction
{
    public static TFloat Apply<TSimd, TFloat, TWord>(TFloat a, TFloat b)
        where TSimd : ISimd<TFloat, TWord>
        where TFloat : unmanaged
        where TWord : unmanaged => TSimd.Multiply(MathFunctions<TSimd, TFloat, TWord>.Tanh(a), b);
}
