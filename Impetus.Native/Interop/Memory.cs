using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/memory.h. Bytes in use, and limits on them.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_clear_cache();

    [LibraryImport(Library)]
    internal static partial int mlx_get_active_memory(nuint* res);

    [LibraryImport(Library)]
    internal static partial int mlx_get_cache_memory(nuint* res);

    [LibraryImport(Library)]
    internal static partial int mlx_get_memory_limit(nuint* res);

    [LibraryImport(Library)]
    internal static partial int mlx_get_peak_memory(nuint* res);

    [LibraryImport(Library)]
    internal static partial int mlx_reset_peak_memory();

    [LibraryImport(Library)]
    internal static partial int mlx_set_cache_limit(nuint* res, nuint limit);

    [LibraryImport(Library)]
    internal static partial int mlx_set_memory_limit(nuint* res, nuint limit);

    [LibraryImport(Library)]
    internal static partial int mlx_set_wired_limit(nuint* res, nuint limit);
}
