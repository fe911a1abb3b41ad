using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Impetus.Engine.Backends.Cpu.Simd;

/// <summary>AdvSimd on Arm64; SSE, with FMA where there is, on x64.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>, Vector128<uint>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Lanes => 4;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(float* destination, Vector128<float> value) => value.Store(destination);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    public static Vector128<float> Round(Vector128<float> value) => Vector128.Round(value);

    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    public static float Largest(Vector128<float> value)
    {
        value = Vector128.MaxNative(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(value, Vector128.Shuffle(value, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    public static Vector128<uint> AtLeast(Vector128<float> a, Vector128<float> b) => Vector128.GreaterThanOrEqual(a, b).AsUInt32();

    public static Vector128<float> Select(Vector128<uint> mask, Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(mask.AsSingle(), a, b);

    public static Vector128<uint> LoadWords(uint* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> WidenBytes(byte* source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)source).AsByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> WidenHalves(ushort* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16());

    public static Vector128<uint> BroadcastWord(uint value) => Vector128.Create(value);

    public static Vector128<uint> And(Vector128<uint> a, Vector128<uint> b) => a & b;

    public static Vector128<uint> Or(Vector128<uint> a, Vector128<uint> b) => a | b;

    public static Vector128<uint> AddWords(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddPairs(Vector128<uint> accumulator, Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported)
            return accumulator + Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsUInt32();
        // The low halves of all words, then the high ones.
        var low = (a.AsInt32() << 16 >> 16) * (b.AsInt32() << 16 >> 16);
        var high = (a.AsInt32() >> 16) * (b.AsInt32() >> 16);
        return accumulator + (low + high).AsUInt32();
    }

    public static Vector128<uint> ShiftLeft(Vector128<uint> value, int count) => value << count;

    public static Vector128<uint> ShiftRight(Vector128<uint> value, int count) => value >>> count;

    public static Vector128<float> AsFloats(Vector128<uint> value) => value.AsSingle();

    public static Vector128<uint> AsWords(Vector128<float> value) => value.AsUInt32();

    public static Vector128<float> ToFloats(Vector128<uint> value) => Vector128.ConvertToSingle(value.AsInt32());

    public static Vector128<uint> ToWords(Vector128<float> value) => Vector128.ConvertToInt32Native(value).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Nibble(Vector128<uint> value) =>
        Vector128.ConvertToSingle((value & Vector128.Create(15u)).AsInt32());
}
