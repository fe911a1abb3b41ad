using Impetus.Native.Interop;

namespace Impetus.Native;

/// <summary>
/// Owns one native array. Dispose it as soon as the graph is built: a handle that is alive at evaluation forbids the reuse of its
/// buffer. One that is forgotten is freed later, on MLX's thread, after the garbage collector finds it.
/// </summary>
internal sealed unsafe class MlxArray : IDisposable
{
    private static long _live;

    private mlx_array _handle;

    /// <summary>Takes a handle over.</summary>
    /// <exception cref="MlxException">There is none: the call that should have made it failed.</exception>
    public MlxArray(mlx_array handle)
    {
        if (handle.ctx == 0)
            GC.SuppressFinalize(this);
        MlxError.CheckHandle(handle.ctx);
        _handle = handle;
        Interlocked.Increment(ref _live);
    }

    ~MlxArray()
    {
        var lost = _handle;
        if (lost.ctx == 0)
            return;
        Interlocked.Decrement(ref _live);
        MlxThread.Abandon(() => _ = MlxC.mlx_array_free(lost));
    }

    /// <summary>How many arrays are owned now, over all threads.</summary>
    public static long Live => Interlocked.Read(ref _live);

    /// <summary>The native handle, still owned by this object.</summary>
    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    public mlx_array Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.ctx == 0, this);
            return _handle;
        }
    }

    /// <summary>How many axes.</summary>
    public int Rank => (int)MlxC.mlx_array_ndim(Handle);

    /// <summary>How many elements.</summary>
    public long Count => (long)MlxC.mlx_array_size(Handle);

    /// <summary>The element type.</summary>
    public mlx_dtype Type => MlxC.mlx_array_dtype(Handle);

    /// <summary>The extent of an axis; negative axes count from the last.</summary>
    public int Extent(int axis) => MlxC.mlx_array_dim(Handle, axis < 0 ? axis + Rank : axis);

    /// <summary>Copies host memory into an array.</summary>
    /// <exception cref="MlxException">MLX could not make it.</exception>
    public static MlxArray From(void* data, ReadOnlySpan<int> shape, mlx_dtype type)
    {
        MlxThread.Assert();
        fixed (int* extents = shape)
            return new MlxArray(MlxC.mlx_array_new_data(data, extents, shape.Length, type));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle.ctx == 0)
            return;
        MlxThread.Assert();
        _ = MlxC.mlx_array_free(_handle);
        _handle = default;
        Interlocked.Decrement(ref _live);
        GC.SuppressFinalize(this);
    }
}
