using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_device
{
    public readonly nint ctx;
}

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_device_info
{
    public readonly nint ctx;
}

/// <summary>Kinds of device.</summary>
internal enum mlx_device_type
{
    MLX_CPU,
    MLX_GPU,
}

/// <content>mlx/c/device.h. Devices and what they say of themselves.</content>
internal static unsafe partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_device mlx_device_new_type(mlx_device_type type, int index);

    [LibraryImport(Library)]
    internal static partial int mlx_device_free(mlx_device dev);

    [LibraryImport(Library)]
    internal static partial int mlx_set_default_device(mlx_device dev);

    [LibraryImport(Library)]
    internal static partial int mlx_device_is_available(byte* avail, mlx_device dev);

    [LibraryImport(Library)]
    internal static partial mlx_device_info mlx_device_info_new();

    [LibraryImport(Library)]
    internal static partial int mlx_device_info_get(mlx_device_info* info, mlx_device dev);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_device_info_get_string(byte** value, mlx_device_info info, string key);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(MlxText))]
    internal static partial int mlx_device_info_get_size(nuint* value, mlx_device_info info, string key);

    [LibraryImport(Library)]
    internal static partial int mlx_device_info_free(mlx_device_info info);
}
