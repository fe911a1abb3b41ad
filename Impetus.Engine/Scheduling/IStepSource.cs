namespace Impetus.Engine.Scheduling;

/// <summary>
/// Something that the engine thread steps: one loaded model with its queue. A step is short (one decode token of every running
/// sequence, a prefill chunk, a bounded batch of texts), so that models take turns.
/// </summary>
public interface IStepSource
{
    /// <summary>Whether a step would do anything. May be read from any thread.</summary>
    bool HasWork { get; }

    /// <summary>Does one step. Engine thread only. What concerns single requests it reports to them and does not throw.</summary>
    void Step();

    /// <summary>A step threw: every request that is running or waiting here ends with this error. Engine thread only.</summary>
    void Fail(Exception fault);
}
