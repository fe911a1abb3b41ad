using Impetus.Engine.Tensors;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// A cache and the tokens that it remembers. It belongs to a running sequence at first and to the prefix cache afterwards;
/// forks of it share its memory all the time.
/// </summary>
internal sealed class SequenceMemory(SequenceCache cache)
{
    /// <summary>The model's memory.</summary>
    public SequenceCache Cache { get; } = cache;

    /// <summary>Whether the memory is still there, and accounted for where it is.</summary>
    public bool Held { get; private set; } = true;

    /// <summary>Frees the cache. What forks share with it stays until they are freed too.</summary>
    public void Free()
    {
        Held = false;
        Cache.Dispose();
    }
}
