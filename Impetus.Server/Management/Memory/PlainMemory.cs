using Impetus.Engine.Hardware;

namespace Impetus.Server.Management.Memory;

/// <summary>Memory as .NET tells it, where we know the operating system no better.</summary>
internal sealed class PlainMemory : IMemoryProbe
{
    public long FootprintBytes => Environment.WorkingSet;

    public long MachineBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public long? ContainerBytes => null;

    public long? ProcessBytes => null;

    public long? AvailableBytes => null;

    public PressureLevel SystemPressure => PressureLevel.Normal;

    /// <summary>The probe for this machine.</summary>
    public static IMemoryProbe OfThisMachine() =>
        OperatingSystem.IsLinux() ? new LinuxMemory() : OperatingSystem.IsMacOS() ? new MacMemory(new MacSystemControl()) : new PlainMemory();
}
