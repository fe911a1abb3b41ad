using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/error.h. The global error handler.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial void mlx_set_error_handler(
        delegate* unmanaged[Cdecl]<byte*, void*, void> handler, void* data, delegate* unmanaged[Cdecl]<void*, void> dtor);
}
