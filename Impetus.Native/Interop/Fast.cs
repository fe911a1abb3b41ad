using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_fast_metal_kernel_config
{
    public readonly nint ctx;
}

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_fast_metal_kernel
{
    public readonly nint ctx;
}

/// <content>mlx/c/fast.h. Fused operations, and Metal kernels of one's own.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_fast_rms_norm(mlx_array* res, mlx_array x, mlx_array weight, float eps, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_layer_norm(mlx_array* res, mlx_array x, mlx_array weight, mlx_array bias, float eps, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_rope(
        mlx_array* res, mlx_array x, int dims, [MarshalAs(UnmanagedType.U1)] bool traditional, mlx_optional_float @base, float scale,
        int offset, mlx_array freqs, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_rope_dynamic(
        mlx_array* res, mlx_array x, int dims, [MarshalAs(UnmanagedType.U1)] bool traditional, mlx_optional_float @base, float scale,
        mlx_array offset, mlx_array freqs, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_scaled_dot_product_attention(
        mlx_array* res, mlx_array queries, mlx_array keys, mlx_array values, float scale, byte* mask_mode, mlx_array mask_arr,
        mlx_array sinks, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial mlx_fast_metal_kernel_config mlx_fast_metal_kernel_config_new();

    [LibraryImport(Library)]
    internal static partial void mlx_fast_metal_kernel_config_free(mlx_fast_metal_kernel_config cls);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_metal_kernel_config_add_output_arg(
        mlx_fast_metal_kernel_config cls, int* shape, nuint size, mlx_dtype dtype);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_metal_kernel_config_set_grid(mlx_fast_metal_kernel_config cls, int grid1, int grid2, int grid3);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_metal_kernel_config_set_thread_group(
        mlx_fast_metal_kernel_config cls, int thread1, int thread2, int thread3);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_metal_kernel_config_set_init_value(mlx_fast_metal_kernel_config cls, float value);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_metal_kernel_config_set_verbose(
        mlx_fast_metal_kernel_config cls, [MarshalAs(UnmanagedType.U1)] bool verbose);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_fast_metal_kernel_config_add_template_arg_dtype(
        mlx_fast_metal_kernel_config cls, string name, mlx_dtype dtype);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_fast_metal_kernel_config_add_template_arg_int(mlx_fast_metal_kernel_config cls, string name, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_fast_metal_kernel_config_add_template_arg_bool(
        mlx_fast_metal_kernel_config cls, string name, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial mlx_fast_metal_kernel mlx_fast_metal_kernel_new(
        string name, mlx_vector_string input_names, mlx_vector_string output_names, string source, string header,
        [MarshalAs(UnmanagedType.U1)] bool ensure_row_contiguous, [MarshalAs(UnmanagedType.U1)] bool atomic_outputs);

    [LibraryImport(Library)]
    internal static partial void mlx_fast_metal_kernel_free(mlx_fast_metal_kernel cls);

    [LibraryImport(Library)]
    internal static partial int mlx_fast_metal_kernel_apply(
        mlx_vector_array* outputs, mlx_fast_metal_kernel cls, mlx_vector_array inputs, mlx_fast_metal_kernel_config config,
        mlx_stream stream);
}
