using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Impetus.Engine.Backends.Cpu.Simd;

/// <summary>AVX2 with FMA.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>, Vector256<uint>>
{
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Lanes => 8;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(float* destination, Vector256<float> value) => value.Store(destination);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.MinNative(a, b);

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);

    public static Vector256<float> Round(Vector256<float> value) => Vector256.Round(value);

    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    public static float Largest(Vector256<float> value) => Simd128.Largest(Vector128.MaxNative(value.GetLower(), value.GetUpper()));

    public static Vector256<uint> AtLeast(Vector256<float> a, Vector256<float> b) => Vector256.GreaterThanOrEqual(a, b).AsUInt32();

    public static Vector256<float> Select(Vector256<uint> mask, Vector256<float> a, Vector256<float> b) => Vector256.ConditionalSelect(mask.AsSingle(), a, b);

    public static Vector256<uint> LoadWords(uint* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> WidenBytes(byte* source) =>
        Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(ulong*)source).AsByte()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> WidenHalves(ushort* source) =>
        Avx2.ConvertToVector256Int32(Vector128.Load(source)).AsUInt32();

    public static Vector256<uint> BroadcastWord(uint value) => Vector256.Create(value);

    public static Vector256<uint> And(Vector256<uint> a, Vector256<uint> b) => a & b;

    public static Vector256<uint> Or(Vector256<uint> a, Vector256<uint> b) => a | b;

    public static Vector256<uint> AddWords(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddPairs(Vector256<uint> accumulator, Vector256<uint> a, Vector256<uint> b) =>
        Avx2.Add(accumulator.AsInt32(), Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())).AsUInt32();

    public static Vector256<uint> ShiftLeft(Vector256<uint> value, int count) => value << count;

    public static Vector256<uint> ShiftRight(Vector256<uint> value, int count) => value >>> count;

    public static Vector256<float> AsFloats(Vector256<uint> value) => value.AsSingle();

    public static Vector256<uint> AsWords(Vector256<float> value) => value.AsUInt32();

    public static Vector256<float> ToFloats(Vector256<uint> value) => Vector256.ConvertToSingle(value.AsInt32());

    public static Vector256<uint> ToWords(Vector256<float> value) => Vector256.ConvertToInt32Native(value).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Nibble(Vector256<uint> value) =>
        Vector256.ConvertToSingle((value & Vector256.Create(15u)).AsInt32());
}
