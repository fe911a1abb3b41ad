namespace Impetus.Engine.Tensors;

/// <summary>
/// All that a model remembers of one sequence, over all layers. Made by <see cref="IBackend.CreateCache"/>; written by the
/// sequence operations of a step and advanced when the step's <see cref="Batch"/> completes. Engine thread only.
/// </summary>
/// <remarks>Prefix reuse and the memory guard are built on this and know no layout.</remarks>
public abstract class SequenceCache : IDisposable
{
    /// <summary>How many tokens are remembered.</summary>
    public int Length { get; protected internal set; }

    /// <summary>
    /// Bytes that it takes, where what it shares with forks counts in equal parts for each of them (the proportional set size
    /// of operating systems): the sum over all caches is what they take together. A backend that cannot tell counts all of it
    /// for each.
    /// </summary>
    public abstract double ProportionalBytes { get; }

    /// <summary>
    /// The longest prefix, at most <paramref name="length"/>, at which this cache can be forked. Where a layer has a window that is
    /// full, that is near the end (<see cref="LayerState.TakeBack"/>) or near the latest checkpoint; 0 if it is neither.
    /// </summary>
    public abstract int LongestFork(int length);

    /// <summary>
    /// A second cache that begins with this one's first <paramref name="length"/> tokens. The memory is shared until either is
    /// written.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It cannot be forked there; see <see cref="LongestFork"/>.</exception>
    public abstract SequenceCache Fork(int length);

    /// <summary>Forgets all tokens from <paramref name="length"/> on.</summary>
    /// <returns>False, with nothing changed, where the state cannot be taken back that far.</returns>
    public abstract bool Truncate(int length);

    /// <summary>
    /// Marks the present length as one to fork at later, instead of the one that was marked before. Where every length can be
    /// forked this does nothing.
    /// </summary>
    public virtual void Checkpoint()
    {
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    protected abstract void Dispose(bool disposing);
}
