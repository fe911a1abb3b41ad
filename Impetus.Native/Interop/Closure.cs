using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_closure
{
    public readonly nint ctx;
}

/// <content>mlx/c/closure.h. Functions that MLX calls back.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_closure mlx_closure_new_func_payload(
        delegate* unmanaged[Cdecl]<mlx_vector_array*, mlx_vector_array, void*, int> fun, void* payload,
        delegate* unmanaged[Cdecl]<void*, void> dtor);

    [LibraryImport(Library)]
    internal static partial int mlx_closure_apply(mlx_vector_array* res, mlx_closure cls, mlx_vector_array input);

    [LibraryImport(Library)]
    internal static partial int mlx_closure_free(mlx_closure cls);
}
