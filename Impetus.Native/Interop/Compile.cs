using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/compile.h. Compilation of closures into fused graphs.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_compile(mlx_closure* res, mlx_closure fun, [MarshalAs(UnmanagedType.U1)] bool shapeless);

    [LibraryImport(Library)]
    internal static partial int mlx_disable_compile();

    [LibraryImport(Library)]
    internal static partial int mlx_enable_compile();
}
