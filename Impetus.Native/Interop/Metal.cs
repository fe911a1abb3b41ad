using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/metal.h. Whether there is a Metal device.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial int mlx_metal_is_available(byte* res);
}
