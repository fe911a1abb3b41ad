using System.Runtime.InteropServices;

namespace Impetus.Server.Management.Memory;

/// <summary>
/// Memory as macOS tells it. The footprint is the one that Activity Monitor shows, which counts compressed pages; it comes from
/// <c>proc_pid_rusage</c> (<c>libproc.h</c>).
/// </summary>
internal sealed unsafe partial class MacMemory : IMemoryProbe
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

    public long MachineBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public long? ContainerBytes => null;

    public long? AvailableBytes => null;

    [LibraryImport("libSystem.dylib")]
    private static partial int proc_pid_rusage(int pid, int flavor, byte* buffer);
}
