namespace Impetus.Engine.Tensors;

/// <summary>The element types that checkpoints store and backends compute with.</summary>
public enum DType
{
    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of a single: eight exponent bits, seven of mantissa.</summary>
    BF16,

    /// <summary>Signed 32-bit integers: token ids.</summary>
    I32,

    /// <summary>Unsigned 32-bit words: packed quantised weights.</summary>
    U32,

    /// <summary>Bytes: scales of the mx and nv formats.</summary>
    U8,

    /// <summary>Signed 64-bit integers: stored position ids and the like, never weights.</summary>
    I64,
}

/// <summary>What a <see cref="DType"/> occupies.</summary>
public static class DTypes
{
    /// <summary>Bytes per element.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.U8 => 1,
        DType.F16 or DType.BF16 => 2,
        DType.I64 => 8,
        _ => 4,
    };
}
