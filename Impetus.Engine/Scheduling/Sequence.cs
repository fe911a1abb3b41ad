namespace Impetus.Engine.Scheduling;

/// <summary>
/// One answer as the scheduler sees it: how many of its tokens are known and how many went through the model. Prefill and
/// decode are the same to it: known tokens are computed, and when all are, one more becomes known.
/// </summary>
internal class Sequence(SequenceGroup group)
{
    /// <summary>The request that it answers.</summary>
    public SequenceGroup Group { get; } = group;

    /// <summary>Tokens of the prompt and of the answer so far.</summary>
    public int Known { get; set; } = group.PromptLength;

    /// <summary>Of these, how many its cache remembers.</summary>
    public int Computed { get; set; }

    /// <summary>Tokens that go through the model before the next one can be chosen.</summary>
    public int Pending => Known - Computed;

    /// <summary>Whether it has a cache. One that waits, or that will be forked from its leader, has none yet.</summary>
    public bool Attached { get; set; }

    /// <summary>Whether its answer is complete.</summary>
    public bool Finished { get; set; }
}
