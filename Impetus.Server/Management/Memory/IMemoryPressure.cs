namespace Impetus.Server.Management.Memory;

/// <summary>How short memory is.</summary>
public enum PressureLevel
{
    /// <summary>There is enough.</summary>
    Normal,

    /// <summary>What is only kept for later is given back: cached prefixes, then models that nobody uses.</summary>
    Warning,

    /// <summary>Nothing new is begun, either.</summary>
    Critical,
}

/// <summary>Tells when memory gets short, and when it is over.</summary>
public interface IMemoryPressure
{
    /// <summary>How short it is now.</summary>
    PressureLevel Level { get; }

    /// <summary>The level has changed. Raised on any thread.</summary>
    event Action<PressureLevel>? Changed;
}
