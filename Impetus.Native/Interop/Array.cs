using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_array
{
    public readonly nint ctx;
}

/// <summary>Element types, in the C enumeration's order.</summary>
internal enum mlx_dtype
{
    MLX_BOOL,
    MLX_UINT8,
    MLX_UINT16,
    MLX_UINT32,
    MLX_UINT64,
    MLX_INT8,
    MLX_INT16,
    MLX_INT32,
    MLX_INT64,
    MLX_FLOAT16,
    MLX_FLOAT32,
    MLX_FLOAT64,
    MLX_BFLOAT16,
    MLX_COMPLEX64,
}

/// <content>mlx/c/array.h. N-dimensional arrays: handles, creation from host memory, evaluation, access to data.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_array mlx_array_new();

    [LibraryImport(Library)]
    internal static partial int mlx_array_free(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial mlx_array mlx_array_new_int(int val);

    [LibraryImport(Library)]
    internal static partial mlx_array mlx_array_new_float32(float val);

    [LibraryImport(Library)]
    internal static partial mlx_array mlx_array_new_data(void* data, int* shape, int dim, mlx_dtype dtype);

    [LibraryImport(Library)]
    internal static partial int mlx_array_set(mlx_array* arr, mlx_array src);

    [LibraryImport(Library)]
    internal static partial int mlx_array_eval(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial nuint mlx_array_size(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial nuint mlx_array_nbytes(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial nuint mlx_array_ndim(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial nuint mlx_array_itemsize(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial int* mlx_array_shape(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial int mlx_array_dim(mlx_array arr, int dim);

    [LibraryImport(Library)]
    internal static partial mlx_dtype mlx_array_dtype(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial float* mlx_array_data_float32(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial ushort* mlx_array_data_uint16(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial uint* mlx_array_data_uint32(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial int* mlx_array_data_int32(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial byte* mlx_array_data_uint8(mlx_array arr);

    [LibraryImport(Library)]
    internal static partial int mlx_array_item_uint32(uint* res, mlx_array arr);

    [LibraryImport(Library)]
    internal static partial int mlx_array_item_int32(int* res, mlx_array arr);

    [LibraryImport(Library)]
    internal static partial int mlx_array_item_float32(float* res, mlx_array arr);
}
