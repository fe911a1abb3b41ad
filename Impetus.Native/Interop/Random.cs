using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/random.h. Random numbers.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_random_key(mlx_array* res, ulong seed);

    [LibraryImport(Library)]
    internal static partial int mlx_random_split(mlx_array* res_0, mlx_array* res_1, mlx_array key, mlx_stream s);

    [LibraryImport(Library)]
    internal static partial int mlx_random_categorical(mlx_array* res, mlx_array logits, int axis, mlx_array key, mlx_stream s);
}
