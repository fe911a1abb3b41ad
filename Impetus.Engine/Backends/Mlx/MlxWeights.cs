using System.Text;
using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>A matrix as MLX keeps it: dense (in, out), or packed with its scales.</summary>
internal sealed unsafe class MlxLinear : LinearWeight
{
    private readonly MlxArray _weight;
    private readonly MlxArray? _scales, _biases, _bias;
    private readonly Quantization? _format;
    private readonly bool _borrowed;

    public MlxLinear(int inFeatures, int outFeatures, MlxArray weight, MlxArray? scales, MlxArray? biases, MlxArray? bias, Quantization? format, bool borrowed = false)
        : base(inFeatures, outFeatures)
    {
        (_weight, _scales, _biases, _bias, _format, _borrowed) = (weight, scales, biases, bias, format, borrowed);
    }

    /// <inheritdoc/>
    public override long Bytes => Size(_weight) + Size(_scales) + Size(_biases) + Size(_bias);

    /// <summary>x · Wᵀ + bias.</summary>
    public MlxArray Apply(MlxArray x, MlxOps ops)
    {
        var product = _format is { } format ? Quantized(x, format, ops) : Dense(x, ops);
        if (_bias is null)
            return product;
        using (product)
            return ops.Add(product, _bias);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _borrowed)
            return;
        _weight.Dispose();
        _scales?.Dispose();
        _biases?.Dispose();
        _bias?.Dispose();
    }

    private MlxArray Dense(MlxArray x, MlxOps ops)
    {
        using var transposed = ops.Transpose(_weight, 1, 0);
        return ops.MatMul(x, transposed);
    }

    private MlxArray Quantized(MlxArray x, Quantization format, MlxOps ops)
    {
        mlx_array result = default;
        fixed (byte* mode = MlxFormat.Mode(format.Mode))
        {
            MlxError.Check(MlxC.mlx_quantized_matmul(
                &result, x.Handle, _weight.Handle, _scales!.Handle, MlxOps.OrNone(_biases), true, new(format.GroupSize), new(format.Bits), mode, ops.Stream));
        }

        return new MlxArray(result);
    }

    private static long Size(MlxArray? array) => array is null ? 0 : (long)MlxC.mlx_array_nbytes(array.Handle);
}

/// <summary>A table as MLX keeps it: rows are taken packed and unpacked afterwards.</summary>
internal sealed unsafe class MlxEmbedding : EmbeddingWeight
{
    private readonly MlxArray _weight;
    private readonly MlxArray? _scales, _biases;
    private readonly Quantization? _format;

    public MlxEmbedding(int count, int width, MlxArray weight, MlxArray? scales, MlxArray? biases, Quantization? format)
        : base(count, width)
    {
        (_weight, _scales, _biases, _format) = (weight, scales, biases, format);
        Tied = new MlxLinear(width, count, weight, scales, biases, null, format, borrowed: true);
    }

    /// <inheritdoc/>
    public override LinearWeight Tied { get; }

    /// <summary>Rows (T, D).</summary>
    public MlxArray Rows(MlxArray ids, MlxOps ops)
    {
        var rows = ops.Take(_weight, ids, 0);
        if (_format is not { } format)
            return rows;
        using var packed = rows;
        using var scales = ops.Take(_scales!, ids, 0);
        using var biases = _biases is null ? null : ops.Take(_biases, ids, 0);
        mlx_array result = default;
        fixed (byte* mode = MlxFormat.Mode(format.Mode))
        {
            MlxError.Check(MlxC.mlx_dequantize(
                &result, packed.Handle, scales.Handle, MlxOps.OrNone(biases), new(format.GroupSize), new(format.Bits), mode, default, default, ops.Stream));
        }

        return new MlxArray(result);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _weight.Dispose();
        _scales?.Dispose();
        _biases?.Dispose();
    }
}

/// <summary>Names and types as MLX spells them.</summary>
internal static class MlxFormat
{
    private static readonly byte[] Affine = Encoding.ASCII.GetBytes("affine\0");
    private static readonly byte[] MxFp4 = Encoding.ASCII.GetBytes("mxfp4\0");
    private static readonly byte[] MxFp8 = Encoding.ASCII.GetBytes("mxfp8\0");
    private static readonly byte[] NvFp4 = Encoding.ASCII.GetBytes("nvfp4\0");

    /// <summary>A quantisation mode's name, ended by a zero.</summary>
    public static byte[] Mode(QuantizationMode mode) => mode switch
    {
        QuantizationMode.Affine => Affine,
        QuantizationMode.MxFp4 => MxFp4,
        QuantizationMode.MxFp8 => MxFp8,
        _ => NvFp4,
    };

    /// <summary>A stored type.</summary>
    public static mlx_dtype Type(DType type) => type switch
    {
        DType.F32 => mlx_dtype.MLX_FLOAT32,
        DType.F16 => mlx_dtype.MLX_FLOAT16,
        DType.BF16 => mlx_dtype.MLX_BFLOAT16,
        DType.I32 => mlx_dtype.MLX_INT32,
        DType.U32 => mlx_dtype.MLX_UINT32,
        DType.U8 => mlx_dtype.MLX_UINT8,
        _ => mlx_dtype.MLX_INT64,
    };

    /// <summary>The type under which the contract shows an array.</summary>
    public static DType Type(mlx_dtype type) => type switch
    {
        mlx_dtype.MLX_FLOAT16 => DType.F16,
        mlx_dtype.MLX_BFLOAT16 => DType.BF16,
        mlx_dtype.MLX_FLOAT32 => DType.F32,
        _ => DType.I32,
    };
}
