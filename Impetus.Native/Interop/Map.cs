using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_map_string_to_array
{
    public readonly nint ctx;
}

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_map_string_to_string
{
    public readonly nint ctx;
}

/// <summary>A place in a map.</summary>
internal readonly struct mlx_map_string_to_array_iterator
{
    public readonly nint ctx;
    public readonly nint map_ctx;
}

/// <content>mlx/c/map.h. Maps from text to arrays and to text.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_map_string_to_array mlx_map_string_to_array_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_map_string_to_array_get(mlx_array* value, mlx_map_string_to_array map, string key);

    [LibraryImport(Library)]
    internal static partial int mlx_map_string_to_array_free(mlx_map_string_to_array map);

    [LibraryImport(Library)]
    internal static partial mlx_map_string_to_array_iterator mlx_map_string_to_array_iterator_new(mlx_map_string_to_array map);

    [LibraryImport(Library)]
    internal static partial int mlx_map_string_to_array_iterator_next(byte** key, mlx_array* value, mlx_map_string_to_array_iterator it);

    [LibraryImport(Library)]
    internal static partial int mlx_map_string_to_array_iterator_free(mlx_map_string_to_array_iterator it);

    [LibraryImport(Library)]
    internal static partial mlx_map_string_to_string mlx_map_string_to_string_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_map_string_to_string_get(byte** value, mlx_map_string_to_string map, string key);

    [LibraryImport(Library)]
    internal static partial int mlx_map_string_to_string_free(mlx_map_string_to_string map);
}
