using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_vector_array
{
    public readonly nint ctx;
}

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_vector_string
{
    public readonly nint ctx;
}

/// <content>mlx/c/vector.h. Lists of arrays and of texts.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_vector_array mlx_vector_array_new();

    [LibraryImport(Library)]
    internal static partial mlx_vector_array mlx_vector_array_new_data(mlx_array* data, nuint size);

    [LibraryImport(Library)]
    internal static partial int mlx_vector_array_append_value(mlx_vector_array vec, mlx_array val);

    [LibraryImport(Library)]
    internal static partial int mlx_vector_array_set_data(mlx_vector_array* vec, mlx_array* data, nuint size);

    [LibraryImport(Library)]
    internal static partial nuint mlx_vector_array_size(mlx_vector_array vec);

    [LibraryImport(Library)]
    internal static partial int mlx_vector_array_get(mlx_array* res, mlx_vector_array vec, nuint idx);

    [LibraryImport(Library)]
    internal static partial int mlx_vector_array_free(mlx_vector_array vec);

    [LibraryImport(Library)]
    internal static partial mlx_vector_string mlx_vector_string_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_vector_string_append_value(mlx_vector_string vec, string val);

    [LibraryImport(Library)]
    internal static partial int mlx_vector_string_free(mlx_vector_string vec);
}
