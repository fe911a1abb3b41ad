using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Impetus.Retrieval.Searching.Dense;

/// <summary>Unit vectors in one byte a dimension: <c>x ≈ scale · q</c>, q from -127 to 127.</summary>
internal static class Int8Vector
{
    /// <summary>What is smaller has no scale that a float could hold well, and counts as nothing.</summary>
    private const float Least = 1e-30f;

    /// <summary>Quantises a vector and returns its scale.</summary>
    /// <remarks>The first search of a library quantises all of it, before the JIT would have looked at this a second time.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Quantize(ReadOnlySpan<float> vector, Span<sbyte> quantized)
    {
        float largest = LargestMagnitude(vector);
        if (largest < Least)
        {
            quantized.Clear();
            return 0;
        }
        float factor = 127 / largest;
        int lanes = Vector<float>.Count;
        int i = 0;
        for (; i <= vector.Length - 4 * lanes; i += 4 * lanes)
        {
            var low = Vector.Narrow(Rounded(vector[i..], factor), Rounded(vector[(i + lanes)..], factor));
            var high = Vector.Narrow(Rounded(vector[(i + 2 * lanes)..], factor), Rounded(vector[(i + 3 * lanes)..], factor));
            Vector.Narrow(low, high).CopyTo(quantized[i..]);
        }
        for (; i < vector.Length; i++)
            quantized[i] = (sbyte)MathF.Round(vector[i] * factor);
        return largest / 127;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Rounded(ReadOnlySpan<float> vector, float factor) =>
        Vector.ConvertToInt32(Vector.Round(new Vector<float>(vector) * factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestMagnitude(ReadOnlySpan<float> vector)
    {
        var lanes = Vector<float>.Zero;
        int i = 0;
        for (; i <= vector.Length - Vector<float>.Count; i += Vector<float>.Count)
            lanes = Vector.Max(lanes, Vector.Abs(new Vector<float>(vector[i..])));
        float largest = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
            largest = Math.Max(largest, lanes[lane]);
        for (; i < vector.Length; i++)
            largest = Math.Max(largest, Math.Abs(vector[i]));
        return largest;
    }

    /// <summary>The dot product, exact in 32 bits up to 131,072 dimensions.</summary>
    public static int Dot(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        ref sbyte x = ref MemoryMarshal.GetReference(a);
        ref sbyte y = ref MemoryMarshal.GetReference(b);
        int length = Math.Min(a.Length, b.Length);
        if (Avx512BW.IsSupported)
            return DotAvx512(ref x, ref y, length);
        if (Avx2.IsSupported)
            return DotAvx2(ref x, ref y, length);
        return Dp.IsSupported ? DotArm(ref x, ref y, length) : DotPortable(ref x, ref y, length);
    }

    private static int DotAvx512(ref sbyte x, ref sbyte y, int length)
    {
        var sum = Vector512<int>.Zero;
        int i = 0;
        for (; i <= length - Vector256<sbyte>.Count; i += Vector256<sbyte>.Count)
        {
            sum += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref x, (nuint)i)),
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref y, (nuint)i)));
        }
        return Vector512.Sum(sum) + DotScalar(ref x, ref y, i, length);
    }

    private static int DotAvx2(ref sbyte x, ref sbyte y, int length)
    {
        var sum = Vector256<int>.Zero;
        int i = 0;
        for (; i <= length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            sum += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref x, (nuint)i)),
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref y, (nuint)i)));
        }
        return Vector256.Sum(sum) + DotScalar(ref x, ref y, i, length);
    }

    private static int DotArm(ref sbyte x, ref sbyte y, int length)
    {
        var sum = Vector128<int>.Zero;
        int i = 0;
        for (; i <= length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
            sum = Dp.DotProduct(sum, Vector128.LoadUnsafe(ref x, (nuint)i), Vector128.LoadUnsafe(ref y, (nuint)i));
        return Vector128.Sum(sum) + DotScalar(ref x, ref y, i, length);
    }

    internal static int DotPortable(ref sbyte x, ref sbyte y, int length)
    {
        var sum = Vector128<int>.Zero;
        int i = 0;
        for (; i <= length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var (xLow, xHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref x, (nuint)i));
            var (yLow, yHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref y, (nuint)i));
            // Two products of 127 · 127 fit 16 bits.
            var (low, high) = Vector128.Widen(xLow * yLow + xHigh * yHigh);
            sum += low + high;
        }
        return Vector128.Sum(sum) + DotScalar(ref x, ref y, i, length);
    }

    private static int DotScalar(ref sbyte x, ref sbyte y, int start, int length)
    {
        int sum = 0;
        for (int i = start; i < length; i++)
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        return sum;
    }

    /// <summary>The dot product of two float vectors.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        float rest = Vector.Sum(sum);
        for (; i < a.Length; i++)
            rest += a[i] * b[i];
        return rest;
    }
}
