using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// What the engine thread does for a model's requests: admits them, steps, and hands out what was chosen. Which tokens a step
/// has is the <see cref="Scheduler"/>'s affair, how they go through the model the <see cref="StepRunner"/>'s, and where their
/// memory comes from the <see cref="MemoryPool"/>'s. Engine thread only.
/// </summary>
internal sealed class DecodeLoop
{
    // Of what is shared with other models, prompts that are done with keep a quarter at most.
    private const int PrefixShare = 4;

    private readonly SchedulerOptions _options;
    private readonly CacheLedger.Page _page;
    private readonly long _bytesPerToken;
    private readonly SchedulerCounters _counters;
    private readonly Action _ended;
    private readonly Scheduler _scheduler;
    private readonly MemoryPool _pool;
    private readonly StepRunner _runner;
    private readonly TokenDistribution _distribution = new();
    private readonly bool _runsAhead;

    // Laid out and started on tokens that the host had not read.
    private ModelStep? _ahead;

    /// <summary>A loop without requests.</summary>
    /// <param name="backend">Where the model lives.</param>
    /// <param name="decoder">The model.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="bytesPerToken">What a token takes in a cache.</param>
    /// <param name="mostKept">Tokens of a sequence that take memory at most.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="ended">Called once for each request, when it was answered, cancelled or failed.</param>
    public DecodeLoop(
        IBackend backend, IDecoder decoder, SchedulerOptions options, long bytesPerToken, int mostKept, SchedulerCounters counters, Action ended)
    {
        (_options, _bytesPerToken, _counters, _ended) = (options, bytesPerToken, counters, ended);
        _page = new CacheLedger.Page(options.Ledger);
        _scheduler = new Scheduler(options, options.CacheBytes / bytesPerToken, mostKept);
        _runsAhead = backend.RunsAhead;
        _pool = new MemoryPool(() => backend.CreateCache(decoder.Layers), options, bytesPerToken, mostKept, ahead: _runsAhead ? 1 : 0);
        _runner = new StepRunner(backend, decoder);
    }

    /// <summary>The prompts that run, by their hashes.</summary>
    public IReadOnlyList<ulong> RunningInputs => [.. _scheduler.Running.Select(job => StepFault.Hash(((GenerationJob)job).Request.Prompt))];

    /// <summary>Bytes that all its caches may take.</summary>
    private long Bound => Math.Min(_options.CacheBytes, _page.Bytes);

    /// <summary>Bytes of it that finished sequences may keep.</summary>
    private long PrefixBound => Math.Min(_options.PrefixCacheBytes, _page.Bytes / PrefixShare);

    /// <summary>Takes a new request.</summary>
    public void Enqueue(GenerationJob job)
    {
        _scheduler.Enqueue(job);
        Gauge();
    }

    /// <summary>
    /// Does one step for all requests that run. Where the backend computes beside the host, the next step is laid out while the
    /// device computes this one, and started before the host takes care of what was chosen: the device never waits for texts.
    /// </summary>
    public void Step()
    {
        EndCancelled(_scheduler.Running);
        EndCancelled(_scheduler.Waiting);
        // Others may have come or gone since.
        _scheduler.Capacity = Bound / _bytesPerToken;
        PreemptOutgrown();
        while (TryAdmit())
        {
        }

        TrimPrefixes(PrefixBound);
        PreemptOutgrown();
        DropAheadIfDead();
        if (_ahead is { } started)
            Complete(started);
        else if (_scheduler.Plan() is { Count: > 0 } plan)
            Complete(_runner.Begin(plan));
        DropAheadIfDead();
        Gauge();
    }

    /// <summary>Frees the memory of finished sequences until the others take no more than so many bytes.</summary>
    public void TrimPrefixes(long bytes)
    {
        _pool.Trim(_scheduler.Running, bytes, Bound);
        Gauge();
    }

    /// <summary>Ends all requests with an error each, and frees all memory.</summary>
    public void EndAll(Func<GenerationException> error)
    {
        foreach (var job in _scheduler.Running.Concat(_scheduler.Waiting).ToList())
            Fail((GenerationJob)job, error());
        DropAheadIfDead();
        _pool.Clear();
        Gauge();
    }

    private void EndCancelled(IReadOnlyList<SequenceGroup> jobs)
    {
        for (int i = jobs.Count - 1; i >= 0; i--)
        {
            if (jobs[i] is not GenerationJob { Cancelled: true } job)
                continue;
            _counters.Cancelled++;
            End(job, new OperationCanceledException());
        }
    }

    private bool TryAdmit()
    {
        if (_scheduler.Next is not GenerationJob job)
            return false;
        var leader = (Choice)job.Leader!;
        var (memory, length) = job.WantsPromptLogprobs ? default : _pool.FindPrefix(leader, _scheduler.Running);
        if (!_scheduler.TryAdmit(job, length))
            return false;

        if (!job.Started && length > 0)
        {
            _counters.PrefixHits++;
            _counters.PrefixTokens += length;
        }

        job.Admit(memory, length);
        try
        {
            _pool.Attach(leader, memory, length);
            if (length >= job.PromptLength)
                ForkFollowers(job, leader);
        }
        catch (Exception fault)
        {
            Fail(job, EngineFault(fault));
        }

        return true;
    }

    /// <summary>The prompt is in the leader's cache: the other answers begin with it.</summary>
    private void ForkFollowers(GenerationJob job, Choice leader)
    {
        foreach (var sequence in job.Sequences)
        {
            if (sequence is Choice { Finished: false, Attached: false } choice)
                _pool.Attach(choice, leader.Memory, leader.Memory!.Cache.LongestFork(job.PromptLength));
        }
    }

    private void PreemptOutgrown()
    {
        while (_scheduler.Outgrown is GenerationJob youngest)
        {
            foreach (var sequence in youngest.Sequences)
                _pool.Retire((Choice)sequence);
            _scheduler.Preempt(youngest);
            _counters.Preemptions++;
            TrimPrefixes(PrefixBound);
        }
    }

    /// <summary>
    /// Waits for a step and hands out what was chosen. The next one is started only now, when this one is computed: one that
    /// overlapped it would find its caches in use, and copy each before writing a single token to it.
    /// </summary>
    private void Complete(ModelStep step)
    {
        _ahead = null;
        try
        {
            _ahead = CanFollow(step) ? _runner.Follow(step) : null;
            _runner.Read(step);
            if (_ahead is not null)
                _runner.Start(_ahead);
            Advance(step);
        }
        finally
        {
            _runner.Drop(step);
        }
    }

    /// <summary>
    /// Whether the step after this one is known before its tokens are: all that runs is in it, chooses on the device, and goes
    /// on whatever is chosen, unless it is an end that only the host can see. Then one token of that sequence was in vain.
    /// </summary>
    private bool CanFollow(ModelStep step) =>
        _runsAhead
        && step.Rows.Count == _scheduler.Unfinished
        && _scheduler.RunningTokens + step.Rows.Count <= _scheduler.Capacity
        && step.Rows.All(row => row is { Lives: true, Count: 1, IsLast: true, Choice: { ReadsLogits: false, Text.NextIsLast: false, Job.PromptDone: true } });

    private void DropAheadIfDead()
    {
        if (_ahead is not { Lives: false } dead)
            return;
        _runner.Drop(dead);
        _ahead = null;
    }

    private void Advance(ModelStep step)
    {
        for (int i = 0; i < step.Rows.Count; i++)
        {
            var (choice, count, isLast, _) = step.Rows[i];
            _counters.Count(count, choice.Computed < choice.Job.PromptLength);
            if (!step.Rows[i].Lives)
                continue;
            try
            {
                if (choice.Job.WantsPromptLogprobs)
                    ReportPrompt(step, choice, i, count);
                choice.Computed += count;
                Advance(step, choice, i, isLast);
            }
            catch (Exception fault)
            {
                Fail(choice.Job, EngineFault(fault));
            }
        }

        _counters.Steps++;
    }

    private void Advance(ModelStep step, Choice choice, int row, bool isLast)
    {
        var job = choice.Job;
        bool first = !job.PromptDone;
        if (first)
            job.Emit(new PrefillProgress(choice.Computed, job.PromptLength));
        if (choice.Computed == job.PromptLength)
        {
            choice.Memory!.Cache.Checkpoint();
            if (choice.WantsToken)
                ForkFollowers(job, choice);
        }

        if (!isLast)
            return;
        if (first)
            job.CompletePrompt();
        if (choice.WantsToken)
            Accept(step, choice, row, onDevice: choice.Sampler.OnDevice);
        if (first)
            BeginFollowers(step, job, choice, row);
        if (choice.Text.Finished is not null)
            Finish(choice);
    }

    /// <summary>The first tokens of all answers are chosen from the same logits.</summary>
    private void BeginFollowers(ModelStep step, GenerationJob job, Choice leader, int row)
    {
        foreach (var sequence in job.Sequences)
        {
            var choice = (Choice)sequence;
            if (choice == leader)
                continue;
            if (choice.WantsToken)
                Accept(step, choice, row, onDevice: false);
            if (choice.Text.Finished is not null)
                Finish(choice);
        }
    }

    private void Accept(ModelStep step, Choice choice, int row, bool onDevice)
    {
        int token = onDevice ? step.Token(row) : choice.Sampler.Draw(step.Logits(row), choice.Known, _distribution);
        choice.Accept(token, choice.Job.Request.TopLogprobs is { } top ? Logprobs.Of(step.Logits(row), token, top) : null);
        choice.Job.CountToken();
        _counters.CountChosen();
    }

    private static void ReportPrompt(ModelStep step, Choice choice, int row, int count)
    {
        var job = choice.Job;
        var tokens = choice.Tokens;
        if (choice.Computed == 0)
        {
            job.PromptLogprobs.Clear();
            job.PromptLogprobs.Add(new TokenLogprob(tokens[0], null, []));
        }

        for (int i = 0; i < count && choice.Computed + i + 1 < job.PromptLength; i++)
            job.PromptLogprobs.Add(Logprobs.Of(step.Logits(row, i), tokens[choice.Computed + i + 1], job.Request.TopLogprobs ?? 0));
    }

    private void Finish(Choice choice)
    {
        var job = choice.Job;
        choice.Finished = true;
        _pool.Retire(choice);
        job.Emit(new ChoiceDone(choice.Index, choice.Text.Finished!.Value, choice.Text.StopText));
        if (job.Leader is not null)
            return;
        _counters.Completed++;
        job.EmitUsage();
        End(job, null);
    }

    private void Fail(GenerationJob job, GenerationException error)
    {
        _counters.Failed++;
        End(job, error);
    }

    private void End(GenerationJob job, Exception? error)
    {
        foreach (var sequence in job.Sequences)
            _pool.Retire((Choice)sequence);
        _scheduler.Remove(job);
        job.End(error);
        _ended();
    }

    private void Gauge()
    {
        _counters.Running = _scheduler.Running.Count;
        _counters.Waiting = _scheduler.Waiting.Count;
        _counters.PrefixBytes = _pool.FinishedBytes;
        _counters.PrefixEntries = _pool.FinishedCount;
        _page.Write((_scheduler.RunningTokens * _bytesPerToken) + _pool.FinishedBytes);
    }

    /// <summary>What requests are told when the engine failed in the middle.</summary>
    public static GenerationException EngineFault(Exception fault) =>
        new(GenerationFault.EngineFault, $"The model failed while it was writing: {fault.Message}", fault);
}
