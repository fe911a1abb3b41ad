namespace Impetus.Engine.Tensors;

/// <summary>A matrix (out, in) with an optional bias, as a backend keeps it: possibly quantised, possibly repacked.</summary>
public abstract class LinearWeight(int inFeatures, int outFeatures) : IDisposable
{
    /// <summary>Columns.</summary>
    public int InFeatures { get; } = inFeatures;

    /// <summary>Rows.</summary>
    public int OutFeatures { get; } = outFeatures;

    /// <summary>Bytes that the backend holds for it.</summary>
    public abstract long Bytes { get; }

    /// <summary>Frees the memory. Engine thread only.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>
/// A table (V, D) that rows are looked up in. <see cref="Tied"/> is the same numbers as a linear layer, for models whose head
/// is their embedding: a backend keeps them once.
/// </summary>
public abstract class EmbeddingWeight(int count, int width) : IDisposable
{
    /// <summary>Rows.</summary>
    public int Count { get; } = count;

    /// <summary>Columns.</summary>
    public int Width { get; } = width;

    /// <summary>The table as a matrix from D to V features.</summary>
    public abstract LinearWeight Tied { get; }

    /// <summary>Frees the memory, also that of <see cref="Tied"/>. Engine thread only.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    protected abstract void Dispose(bool disposing);
}
