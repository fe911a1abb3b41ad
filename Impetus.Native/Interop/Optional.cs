namespace Impetus.Native.Interop;

/// <summary>mlx/c/optional.h: a whole number that may be absent.</summary>
internal readonly struct mlx_optional_int(int value)
{
    public readonly int value = value;
    public readonly byte has_value = 1;
}

/// <summary>mlx/c/optional.h: a number that may be absent.</summary>
internal readonly struct mlx_optional_float(float value)
{
    public readonly float value = value;
    public readonly byte has_value = 1;
}

/// <summary>mlx/c/optional.h: an element type that may be absent.</summary>
internal readonly struct mlx_optional_dtype(mlx_dtype value)
{
    public readonly mlx_dtype value = value;
    public readonly byte has_value = 1;
}
