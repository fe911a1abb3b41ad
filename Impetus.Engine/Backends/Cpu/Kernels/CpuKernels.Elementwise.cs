using System.Runtime.CompilerServices;
using Impetus.Engine.Backends.Cpu.Simd;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Elementwise functions. A last part that fills no register goes through one all the same: a number's result must not depend on its place.</summary>
internal sealed unsafe partial class CpuKernels<TSimd, TFloat, TWord>
{
    public override void Add(float* a, float* b, float* y, int count) => Map<Sum>(a, b, y, count);

    public override void Multiply(float* a, float* b, float* y, int count) => Map<Product>(a, b, y, count);

    public override void Scale(float* x, float factor, float* y, int count) => Map<Product>(x, factor, y, count);

    public override void SoftCap(float* x, float cap, float* y, int count) => Map<CappedTanh>(x, cap, y, count);

    public override void Activate(Activation activation, float* gate, float* up, float* y, int count)
    {
        switch (activation)
        {
            case Activation.Silu:
                MapGate<GatedSilu>(gate, up, y, count);
                break;
            case Activation.Gelu:
                MapGate<GatedGelu>(gate, up, y, count);
                break;
            case Activation.GeluTanh:
                MapGate<GatedGeluTanh>(gate, up, y, count);
                break;
            case Activation.Relu:
                MapGate<GatedRelu>(gate, up, y, count);
                break;
            case Activation.ReluSquared:
                MapGate<GatedReluSquared>(gate, up, y, count);
                break;
            case Activation.Tanh:
                MapGate<GatedTanh>(gate, up, y, count);
                break;
            default:
                throw new NotSupportedException($"{activation} is not a known activation.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Rotate(float* x, float* cos, float* sin, int pairs, float* y)
    {
        for (var i = 0; i < pairs; i += TSimd.Lanes)
        {
            var count = Math.Min(TSimd.Lanes, pairs - i);
            var (a, b) = (LoadPart(x + i, count), LoadPart(x + pairs + i, count));
            var (c, s) = (LoadPart(cos + i, count), LoadPart(sin + i, count));
            StorePart(y + i, TSimd.Subtract(TSimd.Multiply(a, c), TSimd.Multiply(b, s)), count);
            StorePart(y + pairs + i, TSimd.MultiplyAdd(a, s, TSimd.Multiply(b, c)), count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int ArgMax(float* x, int count)
    {
        var largest = TSimd.Broadcast(float.NegativeInfinity);
        for (var i = 0; i < count; i += TSimd.Lanes)
            largest = TSimd.Max(LoadPart(x + i, Math.Min(TSimd.Lanes, count - i), float.NegativeInfinity), largest);
        return Math.Max(0, new ReadOnlySpan<float>(x, count).IndexOf(TSimd.Largest(largest)));
    }

    private static void MapGate<TFunction>(float* gate, float* up, float* y, int count)
        where TFunction : IFunction
    {
        if (up is null)
            Map<TFunction>(gate, 1f, y, count);
        else
            Map<TFunction>(gate, up, y, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction>(float* a, float* b, float* y, int count)
        where TFunction : IFunction
    {
        var i = 0;
        for (; i <= count - TSimd.Lanes; i += TSimd.Lanes)
            TSimd.Store(y + i, TFunction.Apply<TSimd, TFloat, TWord>(TSimd.Load(a + i), TSimd.Load(b + i)));
        if (i < count)
            StorePart(y + i, TFunction.Apply<TSimd, TFloat, TWord>(LoadPart(a + i, count - i), LoadPart(b + i, count - i)), count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction>(float* a, float b, float* y, int count)
        where TFunction : IFunction
    {
        var right = TSimd.Broadcast(b);
        var i = 0;
        for (; i <= count - TSimd.Lanes; i += TSimd.Lanes)
            TSimd.Store(y + i, TFunction.Apply<TSimd, TFloat, TWord>(TSimd.Load(a + i), right));
        if (i < count)
            StorePart(y + i, TFunction.Apply<TSimd, TFloat, TWord>(LoadPart(a + i, count - i), right), count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat LoadPart(float* source, int count, float rest = 0) =>
        count >= TSimd.Lanes ? TSimd.Load(source) : LoadTail(source, count, rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePart(float* destination, TFloat value, int count)
    {
        if (count >= TSimd.Lanes)
            TSimd.Store(destination, value);
        else
            StoreTail(destination, value, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TFloat LoadTail(float* source, int count, float rest)
    {
        var part = stackalloc float[16];
        for (var i = 0; i < TSimd.Lanes; i++)
            part[i] = i < count ? source[i] : rest;
        return TSimd.Load(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreTail(float* destination, TFloat value, int count)
    {
        var part = stackalloc float[16];
        TSimd.Store(part, value);
        for (var i = 0; i < count; i++)
            destination[i] = part[i];
    }
}
