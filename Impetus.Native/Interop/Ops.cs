using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/ops.h. Operations on arrays. A result is written through a zeroed out-pointer; an optional array is a zero handle.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_sigmoid(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_tanh(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_erf(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_exp(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_log(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_sqrt(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_rsqrt(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_square(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_negative(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_cos(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_sin(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_zeros_like(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_argsort(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_sort(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_transpose(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_squeeze(mlx_array* res, mlx_array a, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_add(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_subtract(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_multiply(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_divide(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_matmul(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_power(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_maximum(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_minimum(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_greater(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_greater_equal(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_less(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_less_equal(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_equal(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_logical_and(mlx_array* res, mlx_array a, mlx_array b, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_addmm(mlx_array* res, mlx_array c, mlx_array a, mlx_array b, float alpha, float beta, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_where(mlx_array* res, mlx_array condition, mlx_array x, mlx_array y, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_astype(mlx_array* res, mlx_array a, mlx_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_view(mlx_array* res, mlx_array a, mlx_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_contiguous(
        mlx_array* res, mlx_array a, [MarshalAs(UnmanagedType.U1)] bool allow_col_major, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_reshape(mlx_array* res, mlx_array a, int* shape, nuint shape_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_broadcast_to(mlx_array* res, mlx_array a, int* shape, nuint shape_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_transpose_axes(mlx_array* res, mlx_array a, int* axes, nuint axes_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_expand_dims_axes(mlx_array* res, mlx_array a, int* axes, nuint axes_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_swapaxes(mlx_array* res, mlx_array a, int axis1, int axis2, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_expand_dims(mlx_array* res, mlx_array a, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_squeeze_axis(mlx_array* res, mlx_array a, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_argsort_axis(mlx_array* res, mlx_array a, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_sort_axis(mlx_array* res, mlx_array a, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_argpartition_axis(mlx_array* res, mlx_array a, int kth, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_partition_axis(mlx_array* res, mlx_array a, int kth, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_topk_axis(mlx_array* res, mlx_array a, int k, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_argmax_axis(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool keepdims, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_sum_axis(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool keepdims, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_mean_axis(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool keepdims, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_max_axis(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool keepdims, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_logsumexp_axis(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool keepdims, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_softmax_axis(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool precise, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_cumsum(
        mlx_array* res, mlx_array a, int axis, [MarshalAs(UnmanagedType.U1)] bool reverse, [MarshalAs(UnmanagedType.U1)] bool inclusive,
        mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_take_axis(mlx_array* res, mlx_array a, mlx_array indices, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_take_along_axis(mlx_array* res, mlx_array a, mlx_array indices, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_put_along_axis(
        mlx_array* res, mlx_array a, mlx_array indices, mlx_array values, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_gather_single(
        mlx_array* res, mlx_array a, mlx_array indices, int axis, int* slice_sizes, nuint slice_sizes_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_slice(
        mlx_array* res, mlx_array a, int* start, nuint start_num, int* stop, nuint stop_num, int* strides, nuint strides_num,
        mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_slice_update(
        mlx_array* res, mlx_array src, mlx_array update, int* start, nuint start_num, int* stop, nuint stop_num, int* strides,
        nuint strides_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_slice_dynamic(
        mlx_array* res, mlx_array a, mlx_array start, int* axes, nuint axes_num, int* slice_size, nuint slice_size_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_slice_update_dynamic(
        mlx_array* res, mlx_array src, mlx_array update, mlx_array start, int* axes, nuint axes_num, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_concatenate_axis(mlx_array* res, mlx_vector_array arrays, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_stack_axis(mlx_array* res, mlx_vector_array arrays, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_split(mlx_vector_array* res, mlx_array a, int num_splits, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_split_sections(
        mlx_vector_array* res, mlx_array a, int* indices, nuint indices_num, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_arange(mlx_array* res, double start, double stop, double step, mlx_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_zeros(mlx_array* res, int* shape, nuint shape_num, mlx_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_ones(mlx_array* res, int* shape, nuint shape_num, mlx_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_full(mlx_array* res, int* shape, nuint shape_num, mlx_array vals, mlx_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_tril(mlx_array* res, mlx_array x, int k, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_triu(mlx_array* res, mlx_array x, int k, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_clip(mlx_array* res, mlx_array a, mlx_array a_min, mlx_array a_max, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_quantize(
        mlx_vector_array* res, mlx_array w, mlx_optional_int group_size, mlx_optional_int bits, byte* mode, mlx_array global_scale,
        mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_dequantize(
        mlx_array* res, mlx_array w, mlx_array scales, mlx_array biases, mlx_optional_int group_size, mlx_optional_int bits, byte* mode,
        mlx_array global_scale, mlx_optional_dtype dtype, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_quantized_matmul(
        mlx_array* res, mlx_array x, mlx_array w, mlx_array scales, mlx_array biases, [MarshalAs(UnmanagedType.U1)] bool transpose,
        mlx_optional_int group_size, mlx_optional_int bits, byte* mode, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_gather_qmm(
        mlx_array* res, mlx_array x, mlx_array w, mlx_array scales, mlx_array biases, mlx_array lhs_indices, mlx_array rhs_indices,
        [MarshalAs(UnmanagedType.U1)] bool transpose, mlx_optional_int group_size, mlx_optional_int bits, byte* mode,
        [MarshalAs(UnmanagedType.U1)] bool sorted_indices, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_gather_mm(
        mlx_array* res, mlx_array a, mlx_array b, mlx_array lhs_indices, mlx_array rhs_indices,
        [MarshalAs(UnmanagedType.U1)] bool sorted_indices, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_repeat_axis(mlx_array* res, mlx_array arr, int repeats, int axis, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_depends(mlx_vector_array* res, mlx_vector_array inputs, mlx_vector_array dependencies);
}
