using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Stored tensors out of thin air. The arrays are pinned and live as long as this does.</summary>
internal sealed unsafe class StoredData
{
    private readonly List<Array> _arrays = [];
    private readonly Random _random = new(7);

    /// <summary>Numbers from -1 to 1.</summary>
    public float[] Numbers(long count) => [.. Enumerable.Range(0, checked((int)count)).Select(_ => (_random.NextSingle() * 2) - 1)];

    public StoredTensor Dense(float[] numbers, DType type, params int[] shape) => type switch
    {
        DType.F32 => Store(numbers, type, shape),
        DType.F16 => Store([.. numbers.Select(number => (Half)number)], type, shape),
        DType.BF16 => Store([.. numbers.Select(number => (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16))], type, shape),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public StoredLinear Linear(int outFeatures, int inFeatures, DType type, bool bias = false) => new(
        Dense(Numbers((long)outFeatures * inFeatures), type, outFeatures, inFeatures),
        Bias: bias ? Dense(Numbers(outFeatures), type, outFeatures) : null);

    /// <summary>Random words under small random scales: every code occurs.</summary>
    public StoredLinear Quantized(int outFeatures, int inFeatures, Quantization format, DType scaleType = DType.F16, bool bias = false)
    {
        var words = new uint[outFeatures * (inFeatures * format.Bits / 32)];
        foreach (ref var word in words.AsSpan())
            word = (uint)_random.NextInt64(1L << 32);
        if (format.Mode == QuantizationMode.MxFp8)
            ReplaceWhatIsNoNumber(words);

        var groups = inFeatures / format.GroupSize;
        int[] shape = [outFeatures, groups];
        var packed = Store(words, DType.U32, outFeatures, inFeatures * format.Bits / 32);
        var stored = format.Mode == QuantizationMode.Affine
            ? new StoredLinear(packed, Dense(Numbers(outFeatures * groups), scaleType, shape), Dense(Numbers(outFeatures * groups), scaleType, shape))
            : new StoredLinear(packed, Store([.. Enumerable.Range(0, outFeatures * groups).Select(_ => ScaleByte(format.Mode))], DType.U8, shape));
        return stored with { Format = format, Bias = bias ? Dense(Numbers(outFeatures), DType.F32, outFeatures) : null };
    }

    private StoredTensor Store<T>(T[] numbers, DType type, params int[] shape)
        where T : unmanaged
    {
        var pinned = GC.AllocateArray<T>(Math.Max(1, numbers.Length), pinned: true);
        numbers.CopyTo(pinned, 0);
        _arrays.Add(pinned);
        fixed (T* data = pinned)
            return new StoredTensor("stored", type, shape, (byte*)data, (long)numbers.Length * sizeof(T));
    }

    /// <summary>2⁻³ to 2², or e4m3 of like size.</summary>
    private byte ScaleByte(QuantizationMode mode) => (byte)(mode == QuantizationMode.NvFp4 ? _random.Next(0x20, 0x48) : _random.Next(124, 130));

    private static void ReplaceWhatIsNoNumber(uint[] words)
    {
        foreach (ref var word in words.AsSpan())
        {
            for (var shift = 0; shift < 32; shift += 8)
            {
                if ((word >> shift & 0x7F) == 0x7F)
                    word ^= 1u << shift;
            }
        }
    }
}
