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

    /// <summary>Notes a fault and judges it.</summary>
    /// <param name="model">The model's id.</param>
    /// <param name="inputs">What it was working on.</param>
    public FaultVerdict Judge(string model, IReadOnlyList<ulong> inputs)
    {
        long now = time.GetTimestamp();
        lock (_lock)
        {
            foreach (var old in _faults.Where(fault => time.GetElapsedTime(fault.Value, now) > Memory).ToList())
                _faults.Remove(old.Key);
            bool again = inputs.Any(input => _faults.ContainsKey((model, input)));
            foreach (ulong input in inputs)
                _faults[(model, input)] = now;
            return again ? FaultVerdict.MarkFailed : FaultVerdict.Unload;
        }
    }

    /// <summary>Forgets a model's faults: somebody loads it by name, or its files are new.</summary>
    public void Forget(string model)
    {
        lock (_lock)
        {
            foreach (var fault in _faults.Keys.Where(fault => fault.Model == model).ToList())
                _faults.Remove(fault);
        }
    }
}
