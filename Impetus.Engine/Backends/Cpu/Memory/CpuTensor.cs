using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>Row-major floats, or ids, in a buffer that views may share.</summary>
internal sealed unsafe class CpuTensor(Shape shape, DType type, SharedBuffer buffer) : Tensor(shape, type)
{
    /// <summary>The buffer; shared with the views of this tensor.</summary>
    public SharedBuffer Buffer { get; } = buffer;

    /// <summary>How many scopes were open around it, less those it was kept out of. 0: it lives until it is freed.</summary>
    public int Depth { get; set; }

    /// <summary>The first number.</summary>
    public float* Data => (float*)Buffer.Data;

    /// <summary>The first id.</summary>
    public int* Ids => (int*)Buffer.Data;
}

/// <summary>Memory that goes back to its pool with its last user. Using it afterwards throws.</summary>
internal sealed unsafe class SharedBuffer
{
    private readonly BufferPool _pool;
    private readonly long _capacity;
    private void* _data;
    private int _users = 1;

    public SharedBuffer(BufferPool pool, long bytes)
    {
        _pool = pool;
        _data = pool.Take(bytes, out _capacity);
    }

    public void* Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, typeof(Tensor));
            return _data;
        }
    }

    public SharedBuffer Share()
    {
        _users++;
        return this;
    }

    public void Release()
    {
        if (--_users > 0 || _data is null)
            return;
        _pool.Return(_data, _capacity);
        _data = null;
    }
}
