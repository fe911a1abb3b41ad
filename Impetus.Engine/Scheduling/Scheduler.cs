namespace Impetus.Engine.Scheduling;

/// <summary>
/// Decides which requests run and which of their tokens go through the model next. Pure bookkeeping: it knows counts, no
/// tensors and no text. Requests run in the order in which they came; all that run are in every step (continuous batching), decoding
/// ones first, and prompts share the rest of the step evenly, so that a short one passes a long one. When memory runs out,
/// the youngest request gives its own back and is computed again later.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="capacity">Tokens that fit the memory of all running sequences, at first.</param>
/// <param name="mostKept">Tokens of a sequence that take memory at most, however long it is: its layers may all have a window.</param>
internal sealed class Scheduler(SchedulerOptions options, long capacity, int mostKept = int.MaxValue)
{
    /// <summary>Tokens that each running answer can still grow by when another request is admitted.</summary>
    private const int Headroom = 16;

    private readonly List<SequenceGroup> _waiting = [];
    private readonly List<SequenceGroup> _running = [];
    private readonly List<PlannedRow> _plan = [];
    private readonly List<(int Wanted, Sequence Sequence)> _prompts = [];
    private long _arrivals;

    /// <summary>Tokens that fit the memory of all running sequences.</summary>
    public long Capacity { get; set; } = capacity;

    /// <summary>Requests that wait, in their order.</summary>
    public IReadOnlyList<SequenceGroup> Waiting => _waiting;

    /// <summary>Requests that run, in their order.</summary>
    public IReadOnlyList<SequenceGroup> Running => _running;

    /// <summary>Tokens whose memory is accounted to the running requests.</summary>
    public long RunningTokens
    {
        get
        {
            long tokens = 0;
            foreach (var group in _running)
                tokens += Kept(group, group.OwnTokens);
            return tokens;
        }
    }

    /// <summary>Answers of running requests that are not complete.</summary>
    public int Unfinished
    {
        get
        {
            int count = 0;
            foreach (var group in _running)
                count += group.Unfinished;
            return count;
        }
    }

    /// <summary>Puts a new request at the end of the queue.</summary>
    public void Enqueue(SequenceGroup group)
    {
        group.Arrival = _arrivals++;
        _waiting.Add(group);
    }

    /// <summary>
    /// The request that is admitted next: the first that waits, if there is a place for its answers. One that needs more places
    /// than there are runs alone.
    /// </summary>
    public SequenceGroup? Next =>
        _waiting.Count > 0 && (_running.Count == 0 || Unfinished + _waiting[0].Unfinished <= options.MaxSequences) ? _waiting[0] : null;

    /// <summary>Moves <see cref="Next"/> to those that run, if its memory fits beside theirs. One that does not fit holds up those behind it.</summary>
    /// <param name="shared">Tokens of it that are in a cache already.</param>
    public bool TryAdmit(SequenceGroup next, int shared)
    {
        long headroom = Headroom * (Unfinished + next.Unfinished);
        if (_running.Count > 0 && RunningTokens + Kept(next, next.OwnTokens - shared) + headroom > Capacity)
            return false;

        _waiting.Remove(next);
        _running.Add(next);
        _running.Sort(static (a, b) => a.Arrival.CompareTo(b.Arrival));
        return true;
    }

    /// <summary>The request that gives its memory back next: the youngest, if those that run have outgrown the capacity.</summary>
    public SequenceGroup? Outgrown => _running.Count > 1 && RunningTokens > Capacity ? _running[^1] : null;

    /// <summary>Moves a running request back to the front of the queue. Its sequences have given their caches back.</summary>
    public void Preempt(SequenceGroup group)
    {
        _running.Remove(group);
        foreach (var sequence in group.Sequences)
            (sequence.Attached, sequence.Computed) = (false, 0);
        int at = _waiting.FindIndex(other => other.Arrival > group.Arrival);
        _waiting.Insert(at < 0 ? _waiting.Count : at, group);
    }

    /// <summary>Forgets a request that is complete, cancelled or failed.</summary>
    public void Remove(SequenceGroup group)
    {
        if (!_running.Remove(group))
            _waiting.Remove(group);
    }

    /// <summary>Plans the next step. The list is valid until the next call.</summary>
    public IReadOnlyList<PlannedRow> Plan()
    {
        _plan.Clear();
        _prompts.Clear();
        foreach (var group in _running)
        {
            foreach (var sequence in group.Sequences)
            {
                if (!sequence.Attached || sequence.Finished)
                    continue;
                if (sequence.Pending == 1)
                    _plan.Add(new PlannedRow(sequence, 1));
                else
                    _prompts.Add((Wanted(sequence), sequence));
            }
        }

        ShareEvenly(options.StepTokens - _plan.Count);
        return _plan;
    }

    private long Kept(SequenceGroup group, int tokens) => Math.Min(tokens, group.Unfinished * (long)mostKept);

    /// <summary>Gives every prompt the same share of the step; what short ones leave goes to longer ones (max-min fairness).</summary>
    private void ShareEvenly(int left)
    {
        _prompts.Sort(static (a, b) => (a.Wanted, a.Sequence.Group.Arrival).CompareTo((b.Wanted, b.Sequence.Group.Arrival)));
        for (int i = 0; i < _prompts.Count && left > 0; i++)
        {
            var (wanted, sequence) = _prompts[i];
            int count = Math.Min(wanted, Math.Max(1, left / (_prompts.Count - i)));
            _plan.Add(new PlannedRow(sequence, count));
            left -= count;
        }
    }

    /// <summary>A part never reaches over the prompt's end, where the other answers of the request are forked.</summary>
    private int Wanted(Sequence sequence)
    {
        int prompt = sequence.Group.PromptLength - sequence.Computed;
        int pending = prompt > 0 ? Math.Min(prompt, sequence.Pending) : sequence.Pending;
        return Math.Min(pending, Math.Min(options.PrefillChunk, sequence.Group.Chunk));
    }
}
