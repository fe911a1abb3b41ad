using System.Runtime.InteropServices;

namespace Impetus.Native.Interop;

/// <summary>A handle; zero is none.</summary>
internal readonly struct mlx_stream
{
    public readonly nint ctx;
}

/// <content>mlx/c/stream.h. Streams: queues of work on a device.</content>
internal static partial class MlxC
{
    [LibraryImport(Library)]
    internal static partial mlx_stream mlx_stream_new_device(mlx_device dev);

    [LibraryImport(Library)]
    internal static partial int mlx_stream_free(mlx_stream stream);

    [LibraryImport(Library)]
    internal static partial int mlx_synchronize(mlx_stream stream);

    [LibraryImport(Library)]
    internal static partial int mlx_set_default_stream(mlx_stream stream);

    [LibraryImport(Library)]
    internal static partial mlx_stream mlx_default_cpu_stream_new();

    [LibraryImport(Library)]
    internal static partial mlx_stream mlx_default_gpu_stream_new();
}
