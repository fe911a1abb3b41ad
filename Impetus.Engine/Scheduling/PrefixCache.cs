namespace Impetus.Engine.Scheduling;

/// <summary>
/// The memories of finished sequences, by their tokens, so that a prompt that begins like one of them is computed from there
/// on only. Entries are kept in the order of their tokens: the longest common prefixes are then found around the place where the
/// prompt belongs. Least recently used entries go first. Engine thread only.
/// </summary>
internal sealed class PrefixCache
{
    private readonly List<Entry> _entries = [];
    private long _uses;

    /// <summary>How many sequences are kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes that they take; what they share with running sequences counts for both in equal parts.</summary>
    public long Bytes
    {
        get
        {
            double bytes = 0;
            foreach (var entry in _entries)
                bytes += entry.Memory.Cache.ProportionalBytes;
            return (long)Math.Round(bytes);
        }
    }

    /// <summary>Finds the memory with the longest prefix of a sequence.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="limit">The longest prefix that is of use.</param>
    /// <returns>The memory, and a length at which it can be forked; 0 if there is none.</returns>
    public (SequenceMemory? Memory, int Length) Find(ReadOnlySpan<int> tokens, int limit)
    {
        int at = Place(tokens);
        Entry? best = null;
        int longest = 0;
        foreach (int step in (ReadOnlySpan<int>)[-1, 1])
        {
            // Further off the prefixes get shorter; but not every memory can be forked where it begins to differ.
            for (int i = step < 0 ? at - 1 : at; i >= 0 && i < _entries.Count; i += step)
            {
                var entry = _entries[i];
                int common = Math.Min(limit, tokens.CommonPrefixLength(entry.Tokens));
                if (common <= longest)
                    break;
                int length = entry.LongestFork(common);
                if (length > longest)
                    (best, longest) = (entry, length);
            }
        }

        if (best is not null)
            best.LastUse = ++_uses;
        return (best?.Memory, longest);
    }

    /// <summary>Keeps a memory from now on: it belongs to the cache, or is freed if others serve all that it could.</summary>
    /// <param name="tokens">All tokens that it remembers, at least one.</param>
    /// <param name="memory">The memory.</param>
    public void Insert(int[] tokens, SequenceMemory memory)
    {
        var entry = new Entry(tokens, memory) { LastUse = ++_uses };
        int at = Place(tokens);
        if (at < _entries.Count && Serves(_entries[at], tokens))
        {
            _entries[at].LastUse = entry.LastUse;
            memory.Free();
            return;
        }

        _entries.Insert(at, entry);
        if (at > 0 && Serves(entry, _entries[at - 1].Tokens))
            RemoveAt(at - 1);
    }

    /// <summary>Frees the least recently used memories until the others take no more than they may.</summary>
    /// <param name="most">Bytes that may stay. Asked again after each that was freed, since that can change them.</param>
    public void Trim(Func<long> most)
    {
        while (Count > 0 && Bytes > most())
        {
            int oldest = 0;
            for (int i = 1; i < Count; i++)
            {
                if (_entries[i].LastUse < _entries[oldest].LastUse)
                    oldest = i;
            }

            RemoveAt(oldest);
        }
    }

    /// <summary>Frees all memories.</summary>
    public void Clear()
    {
        foreach (var entry in _entries)
            entry.Memory.Free();
        _entries.Clear();
    }

    private static bool Serves(Entry entry, int[] tokens) =>
        entry.Tokens.AsSpan().StartsWith(tokens) && entry.LongestFork(tokens.Length) == tokens.Length;

    /// <summary>The index of the first entry that does not precede the tokens.</summary>
    private int Place(ReadOnlySpan<int> tokens)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Tokens.AsSpan().SequenceCompareTo(tokens) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void RemoveAt(int index)
    {
        _entries[index].Memory.Free();
        _entries.RemoveAt(index);
    }

    private sealed class Entry(int[] tokens, SequenceMemory memory)
    {
        public int[] Tokens { get; } = tokens;

        public SequenceMemory Memory { get; } = memory;

        public long LastUse { get; set; }

        public int LongestFork(int length) => length == 0 ? 0 : Memory.Cache.LongestFork(length);
    }
}
