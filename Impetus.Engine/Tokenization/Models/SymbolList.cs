namespace Impetus.Engine.Tokenization.Models;

/// <summary>The symbols of a piece while its pairs are merged: a doubly linked list in an array.</summary>
internal struct SymbolList(int capacity)
{
    /// <summary>Up to this many symbols the best pair is looked for by going through all; beyond it by a heap.</summary>
    private const int ScanLimit = 24;

    private Symbol[] _symbols = new Symbol[Math.Max(capacity, 4)];
    private int _count;

    public void Add(int id, int bytes)
    {
        if (_count == _symbols.Length)
            Array.Resize(ref _symbols, _count * 2);
        _symbols[_count] = new Symbol { Id = id, Bytes = bytes, Previous = _count - 1, Next = _count + 1 };
        _count++;
    }

    public readonly void MergeAll(MergeTable merges)
    {
        if (_count <= ScanLimit)
            MergeByScan(merges);
        else
            MergeByHeap(merges);
    }

    public readonly void AppendTo(List<Token> tokens)
    {
        int at = 0;
        for (int i = 0; i < _count; i = _symbols[i].Next)
        {
            tokens.Add(new Token(_symbols[i].Id, at, at + _symbols[i].Bytes));
            at += _symbols[i].Bytes;
        }
    }

    private readonly void MergeByScan(MergeTable merges)
    {
        Span<Merge> candidates = stackalloc Merge[ScanLimit];
        for (int i = 0; i < _count; i++)
            candidates[i] = Candidate(i, merges);
        while (true)
        {
            int best = -1, rank = int.MaxValue;
            for (int i = 0; i < _count; i = _symbols[i].Next)
                if (candidates[i].Rank < rank)
                    (best, rank) = (i, candidates[i].Rank);
            if (best < 0)
                return;
            Join(best, candidates[best].Id);
            candidates[best] = Candidate(best, merges);
            if (_symbols[best].Previous is var previous && previous >= 0)
                candidates[previous] = Candidate(previous, merges);
        }
    }

    private readonly void MergeByHeap(MergeTable merges)
    {
        var queue = new PriorityQueue<int, ulong>(_count);
        for (int i = 0; i < _count; i++)
            Enqueue(queue, i, merges);
        while (queue.TryDequeue(out int at, out ulong priority))
        {
            // An entry whose pair has changed since is stale.
            if (_symbols[at].Bytes == 0 || Candidate(at, merges) is var merge && merge.Rank != (int)(priority >> 32))
                continue;
            Join(at, Candidate(at, merges).Id);
            Enqueue(queue, at, merges);
            if (_symbols[at].Previous >= 0)
                Enqueue(queue, _symbols[at].Previous, merges);
        }
    }

    private readonly void Enqueue(PriorityQueue<int, ulong> queue, int at, MergeTable merges)
    {
        var merge = Candidate(at, merges);
        if (merge.Rank != int.MaxValue)
            queue.Enqueue(at, (ulong)(uint)merge.Rank << 32 | (uint)at);
    }

    /// <summary>The merge of a symbol with the next; one of the last rank when there is none.</summary>
    private readonly Merge Candidate(int at, MergeTable merges)
    {
        int next = _symbols[at].Next;
        return next < _count && merges.TryGet(_symbols[at].Id, _symbols[next].Id, out var merge) ? merge : new Merge(int.MaxValue, -1);
    }

    private readonly void Join(int at, int id)
    {
        ref var left = ref _symbols[at];
        ref var right = ref _symbols[left.Next];
        left.Id = id;
        left.Bytes += right.Bytes;
        right.Bytes = 0;
        left.Next = right.Next;
        if (left.Next < _count)
            _symbols[left.Next].Previous = at;
    }

    private struct Symbol
    {
        public int Id;
        public int Bytes;
        public int Previous;
        public int Next;
    }
}
