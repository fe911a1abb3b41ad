using Impetus.Engine.Scheduling;

namespace Impetus.Server.Management;

/// <summary>What becomes of a model whose engine failed.</summary>
public enum FaultVerdict
{
    /// <summary>It is unloaded; the next request that names it loads it again.</summary>
    Unload,

    /// <summary>It is unloaded and stays so: it fails on what it was asked, and would again.</summary>
    MarkFailed,
}

/// <summary>
/// Judges faults of the engine. A first one may be anybody's: memory that ran out, a device that was lost. A second one within a minute,
/// of the same model on the same input, is the model's own, and loading it again would be a loop. Thread safe.
/// </summary>
public sealed class FaultPolicy(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Model, ulong Input), long> _faults = [];
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    /// <summary>Notes a fault and judges it.</summary>
    /// <param name="model">The model's id.</param>
    /// <param name="fault">What happened.</param>
    public FaultVerdict Judge(string model, StepFault fault)
    {
        long now = time.GetTimestamp();
        lock (_lock)
        {
            foreach (var old in _faults.Where(fault => time.GetElapsedTime(fault.Value, now) > Memory).ToList())
                _faults.Remove(old.Key);
            bool again = fault.Inputs.Any(input => _faults.ContainsKey((model, input)));
            foreach (ulong input in fault.Inputs)
                _faults[(model, input)] = now;
            if (!again)
                return FaultVerdict.Unload;
            _failed[model] = $"{model} failed twice within a minute on the same input, and is not loaded again by itself: {fault.Cause.Message} Load it by name to try again.";
            return FaultVerdict.MarkFailed;
        }
    }

    /// <summary>Why a model is marked as failed; null if it is not.</summary>
    public string? WhyFailed(string model)
    {
        lock (_lock)
            return _failed.GetValueOrDefault(model);
    }

    /// <summary>Forgets a model's faults: somebody loads it by name.</summary>
    public void Forget(string model)
    {
        lock (_lock)
        {
            _failed.Remove(model);
            foreach (var fault in _faults.Keys.Where(fault => fault.Model == model).ToList())
                _faults.Remove(fault);
        }
    }
}
