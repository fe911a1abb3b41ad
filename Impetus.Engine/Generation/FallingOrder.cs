namespace Impetus.Engine.Generation;

/// <summary>
/// Hands out ids by falling logit, ties by lower id, as many as are asked for: a binary heap, so that the few likely tokens
/// of a large vocabulary cost one pass and not a sort. Logits that are not a number come last.
/// </summary>
internal ref struct FallingOrder
{
    private readonly ReadOnlySpan<double> _logits;
    private readonly Span<int> _heap;

    /// <summary>Puts ids in order.</summary>
    /// <param name="logits">(V).</param>
    /// <param name="heap">(V) room for ids; overwritten.</param>
    public FallingOrder(ReadOnlySpan<double> logits, Span<int> heap)
    {
        _logits = logits;
        _heap = heap;
        Count = logits.Length;
        for (int i = 0; i < Count; i++)
            heap[i] = i;
        for (int i = Count / 2 - 1; i >= 0; i--)
            Sink(i);
    }

    /// <summary>How many ids are left.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the first of those that are left.</summary>
    public int Next()
    {
        int first = _heap[0];
        _heap[0] = _heap[--Count];
        Sink(0);
        return first;
    }

    private readonly void Sink(int at)
    {
        int id = _heap[at];
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && Precedes(_heap[child + 1], _heap[child]))
                child++;
            if (!Precedes(_heap[child], id))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = id;
    }

    private readonly bool Precedes(int a, int b)
    {
        double x = _logits[a], y = _logits[b];
        return x > y || (x == y ? a < b : double.IsNaN(y) && (!double.IsNaN(x) || a < b));
    }
}
