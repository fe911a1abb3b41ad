using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Impetus.Engine.Backends.Cpu.Simd;

/// <summary>AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>, Vector512<uint>>
{
    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported;

    public static int Lanes => 16;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(float* destination, Vector512<float> value) => value.Store(destination);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    public static Vector512<float> Round(Vector512<float> value) => Vector512.Round(value);

    public static float Sum(Vector512<float> value) => Vector512.Sum(value);

    public static float Largest(Vector512<float> value) => Simd256.Largest(Vector256.MaxNative(value.GetLower(), value.GetUpper()));

    public static Vector512<uint> AtLeast(Vector512<float> a, Vector512<float> b) => Vector512.GreaterThanOrEqual(a, b).AsUInt32();

    public static Vector512<float> Select(Vector512<uint> mask, Vector512<float> a, Vector512<float> b) => Vector512.ConditionalSelect(mask.AsSingle(), a, b);

    public static Vector512<uint> LoadWords(uint* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> WidenBytes(byte* source) =>
        Avx512F.ConvertToVector512UInt32(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> WidenHalves(ushort* source) =>
        Avx512F.ConvertToVector512UInt32(Vector256.Load(source));

    public static Vector512<uint> BroadcastWord(uint value) => Vector512.Create(value);

    public static Vector512<uint> And(Vector512<uint> a, Vector512<uint> b) => a & b;

    public static Vector512<uint> Or(Vector512<uint> a, Vector512<uint> b) => a | b;

    public static Vector512<uint> AddWords(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddPairs(Vector512<uint> accumulator, Vector512<uint> a, Vector512<uint> b) =>
        Avx512F.Add(accumulator.AsInt32(), Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())).AsUInt32();

    public static Vector512<uint> ShiftLeft(Vector512<uint> value, int count) => value << count;

    public static Vector512<uint> ShiftRight(Vector512<uint> value, int count) => value >>> count;

    public static Vector512<float> AsFloats(Vector512<uint> value) => value.AsSingle();

    public static Vector512<uint> AsWords(Vector512<float> value) => value.AsUInt32();

    public static Vector512<float> ToFloats(Vector512<uint> value) => Vector512.ConvertToSingle(value.AsInt32());

    public static Vector512<uint> ToWords(Vector512<float> value) => Vector512.ConvertToInt32Native(value).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Nibble(Vector512<uint> value) =>
        Avx512F.PermuteVar16x32(Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), value.AsInt32());
}
