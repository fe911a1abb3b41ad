using CsCheck;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>The bookkeeping alone, without weights, tensors or threads.</summary>
public sealed class SchedulerTests
{
    private const long Plenty = 1_000_000;

    private static readonly SchedulerOptions Options = new() { MaxSequences = 4, StepTokens = 100, PrefillChunk = 64 };

    [Fact]
    public void A_prompt_goes_through_the_model_in_chunks()
    {
        var scheduler = new Scheduler(Options, Plenty);
        Run(scheduler, Group(150));
        Assert.Equal([64, 64, 22, 1, 1], Enumerable.Range(0, 5).Select(_ => Step(scheduler).Single().Count));
    }

    [Fact]
    public void Decoding_sequences_come_first_and_prompts_fill_the_step()
    {
        var scheduler = new Scheduler(Options, Plenty);
        Run(scheduler, Group(5), Group(300), Group(300));
        Step(scheduler);
        Assert.Equal([1, 49, 50], Step(scheduler).Select(row => row.Count));
    }

    [Fact]
    public void A_short_prompt_is_computed_in_one_step_beside_long_ones()
    {
        var scheduler = new Scheduler(Options, Plenty);
        var group = Group(20);
        Run(scheduler, Group(5000), Group(5000), group);
        Assert.True(Step(scheduler).Single(row => row.Group == group).Last);
    }

    [Fact]
    public void Requests_run_in_the_order_in_which_they_came_as_far_as_there_is_room()
    {
        var scheduler = new Scheduler(Options, Plenty);
        var (first, second, third) = (Group(10, choices: 2), Group(10, choices: 3), Group(10));
        Run(scheduler, first, second, third);
        Assert.Equal([first], scheduler.Running);
        Assert.Equal([second, third], scheduler.Waiting);

        scheduler.Remove(first);
        Admit(scheduler);
        Assert.Equal([second, third], scheduler.Running);
    }

    [Fact]
    public void A_request_for_more_answers_than_run_side_by_side_runs_alone()
    {
        var scheduler = new Scheduler(Options, Plenty);
        var many = Group(10, choices: 9);
        Run(scheduler, many, Group(10));
        Assert.Equal([many], scheduler.Running);
    }

    [Fact]
    public void A_request_waits_until_its_memory_fits()
    {
        var scheduler = new Scheduler(Options, capacity: 200);
        var (first, second) = (Group(100), Group(100));
        Run(scheduler, first, second);
        Assert.Equal([first], scheduler.Running);
        scheduler.Remove(first);
        Admit(scheduler);
        Assert.Equal([second], scheduler.Running);
    }

    [Fact]
    public void What_a_request_shares_counts_once()
    {
        var scheduler = new Scheduler(Options, capacity: 300);
        var (first, second) = (Group(150), Group(150));
        Run(scheduler, first);
        scheduler.Enqueue(second);
        Assert.False(scheduler.TryAdmit(second, shared: 0));
        Assert.True(scheduler.TryAdmit(second, shared: 100));
    }

    [Fact]
    public void A_sequence_takes_no_more_memory_than_its_windows_keep()
    {
        var scheduler = new Scheduler(Options, capacity: 300, mostKept: 100);
        var (first, second, third) = (Group(5000), Group(60, choices: 2), Group(5000));
        Run(scheduler, first, second, third);
        // The third would fit by its window, but not with the tokens that all can still grow by.
        Assert.Equal([first, second], scheduler.Running);
        Assert.Equal(100 + 60, scheduler.RunningTokens);
        scheduler.Remove(second);
        Admit(scheduler);
        Assert.Equal([first, third], scheduler.Running);
    }

    [Fact]
    public void The_youngest_request_makes_way_when_memory_is_outgrown_and_comes_back_first()
    {
        var scheduler = new Scheduler(Options, capacity: 100);
        var (old, young, later) = (Group(20), Group(20), Group(20));
        Run(scheduler, old, young);
        scheduler.Enqueue(later);
        while (scheduler.Outgrown is null)
            Step(scheduler);
        Assert.Same(young, scheduler.Outgrown);
        scheduler.Preempt(young);
        Assert.Null(scheduler.Outgrown);
        Assert.Equal([young, later], scheduler.Waiting);
        Assert.Equal(0, young.Sequences[0].Computed);
        Assert.True(young.Sequences[0].Known > 20);
    }

    [Fact]
    public void A_part_never_reaches_over_the_end_of_the_prompt()
    {
        var scheduler = new Scheduler(Options, Plenty);
        var group = Group(10);
        Run(scheduler, group);
        group.Sequences[0].Known = 30;
        Assert.Equal([10, 20], new[] { Step(scheduler).Single().Count, Step(scheduler).Single().Count });
    }

    [Fact]
    public void Every_workload_ends_within_the_bounds_and_nobody_starves() => Gen.Select(
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 60], Gen.Int[1, 6]).Array[1, 20], Gen.Int[1, 8], Gen.Int[8, 120], Gen.Int[1, 80])
        .Sample((requests, maxSequences, stepTokens, chunk) =>
        {
            var options = new SchedulerOptions { MaxSequences = maxSequences, StepTokens = stepTokens, PrefillChunk = chunk };
            const long Capacity = 1000;
            var scheduler = new Scheduler(options, Capacity);
            var limits = new Dictionary<SequenceGroup, int>();
            foreach (var (prompt, answer, choices) in requests)
            {
                var group = Group(prompt, choices);
                limits[group] = prompt + answer;
                scheduler.Enqueue(group);
            }

            for (int steps = 0; scheduler.Running.Count + scheduler.Waiting.Count > 0; steps++)
            {
                Assert.True(steps < 100_000);
                while (scheduler.Outgrown is { } youngest)
                {
                    Assert.NotSame(scheduler.Running[0], youngest);
                    scheduler.Preempt(youngest);
                }

                Admit(scheduler);
                Assert.NotEmpty(scheduler.Running);
                Assert.True(scheduler.Running.Count == 1 || scheduler.RunningTokens <= Capacity);
                Assert.True(scheduler.Running.Count == 1 || scheduler.Running.Sum(group => group.Unfinished) <= maxSequences);
                var attached = scheduler.Running.SelectMany(g => g.Sequences).Where(s => s.Attached && !s.Finished).ToList();
                var rows = Step(scheduler);
                Assert.True(rows.Sum(row => row.Count) <= stepTokens);
                Assert.Equal(attached.Count, rows.Count);
                Assert.All(rows, row => Assert.InRange(row.Count, 1, chunk));

                foreach (var group in scheduler.Running.ToList())
                {
                    foreach (var sequence in group.Sequences.Where(s => s.Known >= limits[group]))
                        sequence.Finished = true;
                    if (group.Leader is null)
                        scheduler.Remove(group);
                }
            }
        }, iter: 300);

    private static SequenceGroup Group(int prompt, int choices = 1)
    {
        var group = new SequenceGroup(prompt);
        for (int i = 0; i < choices; i++)
            group.Add(new Sequence(group));
        return group;
    }

    private static void Run(Scheduler scheduler, params SequenceGroup[] groups)
    {
        foreach (var group in groups)
            scheduler.Enqueue(group);
        Admit(scheduler);
    }

    private static void Admit(Scheduler scheduler)
    {
        while (scheduler.Next is { } next && scheduler.TryAdmit(next, shared: 0))
            next.Leader!.Attached = true;
    }

    /// <summary>Computes the planned step as a model would, and forks the other answers where the prompt ends.</summary>
    private static List<(SequenceGroup Group, int Count, bool Last)> Step(Scheduler scheduler)
    {
        var rows = scheduler.Plan().Select(row => (row.Sequence, row.Count, row.IsLast)).ToList();
        foreach (var (sequence, count, last) in rows)
        {
            var group = sequence.Group;
            bool first = sequence.Computed < group.PromptLength;
            sequence.Computed += count;
            sequence.Known += last ? 1 : 0;
            if (!first || sequence.Computed < group.PromptLength)
                continue;
            foreach (var other in group.Sequences.Where(other => other != sequence && !other.Finished))
            {
                (other.Attached, other.Computed) = (true, group.PromptLength);
                other.Known = Math.Max(other.Known, group.PromptLength + 1);
            }
        }

        return [.. rows.Select(row => (row.Sequence.Group, row.Count, row.IsLast))];
    }
}
