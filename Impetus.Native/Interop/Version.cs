using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/version.h. The version of MLX.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_version(mlx_string* str_);
}
