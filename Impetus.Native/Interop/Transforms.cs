using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/transforms.h. Evaluation of several arrays at once.</content>
internal static partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_eval(mlx_vector_array outputs);

    [LibraryImport(Library)]
    internal static partial int mlx_async_eval(mlx_vector_array outputs);
}
