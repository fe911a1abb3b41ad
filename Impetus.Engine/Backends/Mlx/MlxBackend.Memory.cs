using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>Memory: what is held, and how much may be.</summary>
internal sealed unsafe partial class MlxBackend
{
    /// <inheritdoc/>
    public long ActiveBytes => Measure(&MlxC.mlx_get_active_memory);

    /// <inheritdoc/>
    public BackendMemory Memory => new(ActiveBytes, Measure(&MlxC.mlx_get_peak_memory), Measure(&MlxC.mlx_get_cache_memory));

    /// <summary>Sets the limits of <see cref="MlxMemoryPlan"/>, where the device recommends any: the CPU device does not.</summary>
    private static void Limit()
    {
        if (RecommendedBytes() is not { } recommended)
            return;
        var plan = MlxMemoryPlan.For(recommended);
        nuint before = 0;
        MlxError.Check(MlxC.mlx_set_memory_limit(&before, (nuint)plan.LimitBytes));
        before = 0;
        MlxError.Check(MlxC.mlx_set_cache_limit(&before, (nuint)plan.CacheBytes));
        before = 0;
        MlxError.Check(MlxC.mlx_set_wired_limit(&before, (nuint)plan.WiredBytes));
    }

    private static long? RecommendedBytes()
    {
        var device = MlxC.mlx_device_new_type(mlx_device_type.MLX_GPU, 0);
        var info = MlxC.mlx_device_info_new();
        try
        {
            nuint bytes = 0;
            return MlxC.mlx_device_info_get(&info, device) == 0
                && MlxC.mlx_device_info_get_size(&bytes, info, "max_recommended_working_set_size") == 0
                && bytes > 0
                ? (long)bytes
                : null;
        }
        finally
        {
            _ = MlxC.mlx_device_info_free(info);
            _ = MlxC.mlx_device_free(device);
        }
    }

    private static long Measure(delegate*<nuint*, int> what)
    {
        nuint bytes = 0;
        MlxError.Check(what(&bytes));
        return (long)bytes;
    }
}
