namespace Impetus.Server.Management.Memory;

/// <summary>Memory as .NET tells it, where we know the operating system no better.</summary>
internal sealed class PlainMemory : IMemoryProbe
{
    public long FootprintBytes => Environment.WorkingSet;

    public long MachineBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public long? ContainerBytes => null;

    public long? AvailableBytes => null;

    /// <summary>The probe for this machine.</summary>
    public static IMemoryProbe OfThisMachine() =>
        OperatingSystem.IsLinux() ? new LinuxMemory() : OperatingSystem.IsMacOS() ? new MacMemory() : new PlainMemory();
}
