namespace Impetus.Server.Management.Memory;

/// <summary>What the operating system says about memory, in bytes. Thread safe, and quick enough to be asked before every request.</summary>
public interface IMemoryProbe
{
    /// <summary>What this process would give back if it ended: its own pages, in memory or swapped out, without mapped files.</summary>
    long FootprintBytes { get; }

    /// <summary>Memory of the machine.</summary>
    long MachineBytes { get; }

    /// <summary>What the container may use; null if there is no container, or no bound.</summary>
    long? ContainerBytes { get; }

    /// <summary>What the process may use by its own limits (<c>ulimit -d</c>); null if there is no such bound.</summary>
    long? ProcessBytes { get; }

    /// <summary>What can be had without pushing anybody out of memory; null if nobody knows.</summary>
    long? AvailableBytes { get; }

    /// <summary>How short of memory the system itself says that it is; <see cref="PressureLevel.Normal"/> where it does not say.</summary>
    PressureLevel SystemPressure { get; }
}
