using System.Runtime.InteropServices;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>The C library's heap, which keeps what was freed unless it is told to give it back.</summary>
internal static partial class NativeHeap
{
    // Parameters of mallopt, and the value that glibc begins with for both.
    private const int TrimThreshold = -1, MapThreshold = -3, LargeBytes = 128 << 10;

    /// <summary>
    /// Keeps large blocks in mappings of their own, which go back to the system when they are freed. glibc would take the size of each that is freed
    /// for its next notion of large, up to 32 MB, and from then on put weights between whatever else lives on, with twice as much free at the
    /// end of each arena, where trimming does not reach.
    /// </summary>
    public static void MapLargeBlocks()
    {
        try
        {
            if (OperatingSystem.IsLinux())
                _ = mallopt(MapThreshold, LargeBytes) & mallopt(TrimThreshold, LargeBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no arenas.
        }
    }

    /// <summary>Gives free pages back to the system, where the C library can.</summary>
    public static void Trim()
    {
        try
        {
            if (OperatingSystem.IsLinux())
                _ = malloc_trim(0);
            else if (OperatingSystem.IsMacOS())
                _ = malloc_zone_pressure_relief(0, 0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl gives pages back by itself.
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libSystem.dylib")]
    private static partial nuint malloc_zone_pressure_relief(nint zone, nuint goal);
}
