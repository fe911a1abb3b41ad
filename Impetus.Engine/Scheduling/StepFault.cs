namespace Impetus.Engine.Scheduling;

/// <summary>A step of a model that failed, and all its requests with it.</summary>
/// <param name="Cause">What was thrown.</param>
/// <param name="Inputs">What ran in the step, each by the hash of its tokens: the same input has the same hash.</param>
public sealed record StepFault(Exception Cause, IReadOnlyList<ulong> Inputs)
{
    /// <summary>The hash of an input (FNV-1a over its ids).</summary>
    internal static ulong Hash(IEnumerable<int> ids)
    {
        ulong hash = 14695981039346656037;
        foreach (int id in ids)
            hash = unchecked((hash ^ (uint)id) * 1099511628211);
        return hash;
    }
}
