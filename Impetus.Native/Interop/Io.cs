using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <content>mlx/c/io.h. Reading safetensors.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_load_safetensors(
        mlx_map_string_to_array* res_0, mlx_map_string_to_string* res_1, string file, mlx_stream s);
}
