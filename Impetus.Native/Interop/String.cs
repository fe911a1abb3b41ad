using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_string
{
    public readonly nint ctx;
}

/// <content>mlx/c/string.h. Texts that MLX owns.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_string mlx_string_new();

    [LibraryImport(Library)]
    internal static partial byte* mlx_string_data(mlx_string str);

    [LibraryImport(Library)]
    internal static partial int mlx_string_free(mlx_string str);
}
