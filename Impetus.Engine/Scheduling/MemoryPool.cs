using Impetus.Engine.Tensors;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// Gives sequences their caches, forked from any memory that begins like them, and takes them back into the prefix cache.
/// Engine thread only.
/// </summary>
/// <param name="create">Makes an empty cache.</param>
/// <param name="options">The bounds.</param>
/// <param name="bytesPerToken">What a token takes in a cache.</param>
/// <param name="mostKept">Tokens of a sequence that take memory at most.</param>
/// <param name="ahead">How many tokens a sequence may be ahead of those that are known.</param>
internal sealed class MemoryPool(Func<SequenceCache> create, SchedulerOptions options, long bytesPerToken, int mostKept, int ahead)
{
    private readonly PrefixCache _finished = new();

    /// <summary>Bytes that finished sequences take.</summary>
    public long FinishedBytes => _finished.Bytes;

    /// <summary>How many finished sequences are kept.</summary>
    public int FinishedCount => _finished.Count;

    /// <summary>Finds the longest prefix of a sequence that any other remembers, finished or running.</summary>
    /// <param name="choice">The sequence; its last known token is never counted, since the next is chosen after computing it.</param>
    /// <param name="running">The requests that run.</param>
    /// <returns>The memory, and a length at which it can be forked; 0 if there is none.</returns>
    public (SequenceMemory? Memory, int Length) FindPrefix(Choice choice, IReadOnlyList<SequenceGroup> running)
    {
        if (options.PrefixCacheBytes == 0)
            return default;
        int limit = choice.Known - 1;
        var best = _finished.Find(choice.Tokens, limit);
        foreach (var group in running)
        {
            foreach (var sequence in group.Sequences)
            {
                if (sequence is not Choice { Memory: { } memory } other)
                    continue;
                int common = Math.Min(limit, choice.Tokens.CommonPrefixLength(other.ComputedTokens));
                int length = common > best.Length ? memory.Cache.LongestFork(common) : 0;
                if (length > best.Length)
                    best = (memory, length);
            }
        }

        return best;
    }

    /// <summary>Gives a sequence a cache that begins with another's first tokens, or an empty one.</summary>
    public void Attach(Choice choice, SequenceMemory? source, int length) =>
        choice.Attach(new SequenceMemory(source is not null && length > 0 ? source.Cache.Fork(length) : create()), length);

    /// <summary>Takes a sequence's cache back, for others that begin alike.</summary>
    public void Retire(Choice choice)
    {
        if (choice.Detach() is not { } memory)
            return;
        // A step that ran ahead may have added a token that nobody chose to keep.
        if (choice.Computed > 0 && options.PrefixCacheBytes > 0 && memory.Cache.Truncate(choice.Computed))
            _finished.Insert(choice.ComputedTokens.ToArray(), memory);
        else
            memory.Free();
    }

    /// <summary>Frees finished sequences, least recently used first, until the others take no more than they may.</summary>
    /// <param name="running">The requests that run. What one of them shared with a finished sequence is its own when that is freed.</param>
    /// <param name="most">At most so many bytes stay.</param>
    /// <param name="bound">What running and finished sequences may take together.</param>
    public void Trim(IReadOnlyList<SequenceGroup> running, long most, long bound) =>
        _finished.Trim(() => Math.Min(most, Math.Max(0, bound - Bytes(running))));

    /// <summary>Frees all finished sequences.</summary>
    public void Clear() => _finished.Clear();

    /// <summary>What running sequences take, with the tokens that the next step adds.</summary>
    private long Bytes(IReadOnlyList<SequenceGroup> running)
    {
        double bytes = 0;
        foreach (var group in running)
        {
            foreach (var sequence in group.Sequences)
            {
                if (sequence is not Choice { Finished: false } choice)
                    continue;
                int coming = choice.Known + ahead - (choice.Memory?.Cache.Length ?? group.PromptLength);
                double now = choice.Memory?.Cache.ProportionalBytes ?? 0;
                bytes += Math.Min(now + (coming * bytesPerToken), Math.Max(now, (double)mostKept * bytesPerToken));
            }
        }

        return (long)Math.Ceiling(bytes);
    }
}
