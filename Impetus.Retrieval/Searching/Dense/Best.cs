namespace Impetus.Retrieval.Searching.Dense;

/// <summary>Keeps the highest scores of many. Equal scores go to the lower id.</summary>
internal sealed class Best(int capacity)
{
    private static readonly Comparer<(float Score, long Id)> WorstFirst =
        Comparer<(float Score, long Id)>.Create((a, b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Id.CompareTo(a.Id));

    private readonly PriorityQueue<long, (float Score, long Id)> _queue = new(capacity + 1, WorstFirst);

    /// <summary>Scores below this need not be offered.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    public void Offer(float score, long id)
    {
        if (_queue.Count < capacity)
            _queue.Enqueue(id, (score, id));
        else
            _queue.EnqueueDequeue(id, (score, id));
        if (_queue.Count == capacity && _queue.TryPeek(out _, out var worst))
            Threshold = worst.Score;
    }

    public void Offer(Best other)
    {
        foreach (var (id, priority) in other._queue.UnorderedItems)
            Offer(priority.Score, id);
    }

    /// <summary>Best first.</summary>
    public List<(long Id, float Score)> ToList()
    {
        var items = _queue.UnorderedItems.Select(item => (item.Element, item.Priority)).ToList();
        items.Sort((a, b) => WorstFirst.Compare(b.Priority, a.Priority));
        return [.. items.Select(item => (item.Element, item.Priority.Score))];
    }
}
