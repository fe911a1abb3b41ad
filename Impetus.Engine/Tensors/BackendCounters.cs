namespace Impetus.Engine.Tensors;

/// <summary>What a backend has done since it was made. Written by the engine thread, read by any: single values are atomic.</summary>
public sealed class BackendCounters
{
    /// <summary>Steps begun.</summary>
    public long Steps { get; set; }

    /// <summary>Tokens that went through a model: rows computed, all steps together.</summary>
    public long Tokens { get; set; }

    /// <summary>Rows of logits that were computed.</summary>
    public long LogitRows { get; set; }

    /// <summary>Graph evaluations (lazy backends).</summary>
    public long Evaluations { get; set; }

    /// <summary>Times that the host waited for values.</summary>
    public long HostReads { get; set; }
}
