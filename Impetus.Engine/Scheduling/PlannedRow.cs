namespace Impetus.Engine.Scheduling;

/// <summary>A sequence's part of the next step: its next <paramref name="Count"/> pending tokens.</summary>
internal readonly record struct PlannedRow(Sequence Sequence, int Count)
{
    /// <summary>Whether a token can be chosen after the step, because nothing is pending then.</summary>
    public bool IsLast => Count == Sequence.Pending;
}
