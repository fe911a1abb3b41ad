using System.Runtime.InteropServices;
using Impetus.Engine.Hardware;

namespace Impetus.Server.Management.Memory;

/// <summary>
/// Memory as macOS tells it. The footprint is the one that Activity Monitor shows, which counts compressed pages; it comes from
/// <c>proc_pid_rusage</c> (<c>libproc.h</c>). How short memory is, the kernel says itself: it weighs what it can compress, drop or swap,
/// so free pages say little, and no count of them is told.
/// </summary>
internal sealed unsafe partial class MacMemory(ISystemControl control) : IMemoryProbe
{
    // struct rusage_info_v0: a uuid of 16 bytes, then ten numbers of which ri_phys_footprint is the eighth.
    private const int RusageInfoV0 = 0, InfoBytes = 96, FootprintOffset = 72;

    public long FootprintBytes
    {
        get
        {
            byte* info = stackalloc byte[InfoBytes];
            return proc_pid_rusage(Environment.ProcessId, RusageInfoV0, info) == 0 ? *(long*)(info + FootprintOffset) : Environment.WorkingSet;
        }
    }

    public long MachineBytes { get; } = control.Number("hw.memsize") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public long? ContainerBytes => null;

    public long? ProcessBytes => null;

    public long? AvailableBytes => null;

    // The flags of DISPATCH_MEMORYPRESSURE: normal 1, warning 2, critical 4.
    public PressureLevel SystemPressure => control.Number("kern.memorystatus_vm_pressure_level") switch
    {
        >= 4 => PressureLevel.Critical,
        2 or 3 => PressureLevel.Warning,
        _ => PressureLevel.Normal,
    };

    [LibraryImport("libSystem.dylib")]
    private static partial int proc_pid_rusage(int pid, int flavor, byte* buffer);
}
