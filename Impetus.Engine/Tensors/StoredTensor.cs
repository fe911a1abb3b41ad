namespace Impetus.Engine.Tensors;

/// <summary>
/// A tensor as a checkpoint stores it: row-major, little-endian, in memory that the checkpoint owns (usually a mapped file) and
/// that lives as long as the checkpoint does. A backend copies or repacks what it wants to keep longer.
/// </summary>
public sealed unsafe class StoredTensor
{
    private readonly byte* _data;

    /// <summary>Describes <paramref name="byteLength"/> bytes at <paramref name="data"/>.</summary>
    public StoredTensor(string name, DType type, IReadOnlyList<int> shape, byte* data, long byteLength)
    {
        (Name, Type, Shape, ByteLength) = (name, type, shape, byteLength);
        _data = data;
    }

    /// <summary>The name in the checkpoint, such as <c>model.layers.0.mlp.up_proj.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The stored type.</summary>
    public DType Type { get; }

    /// <summary>The extents, outermost first; any rank.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>How many bytes are stored.</summary>
    public long ByteLength { get; }

    /// <summary>How many elements are stored.</summary>
    public long Count => ByteLength / Type.Size();

    /// <summary>The first byte. Valid while the checkpoint is open.</summary>
    public byte* Data => _data;

    /// <summary>All elements as <typeparamref name="T"/>, whose size must be the stored type's.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold; walk <see cref="Data"/> instead.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => new(_data, checked((int)(ByteLength / sizeof(T))));

    /// <summary>Some entries of the outermost axis, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public StoredTensor Rows(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Shape[0], nameof(count));
        long row = Shape[0] == 0 ? 0 : ByteLength / Shape[0];
        return new StoredTensor(Name, Type, [count, .. Shape.Skip(1)], _data + (row * first), row * count);
    }
}
