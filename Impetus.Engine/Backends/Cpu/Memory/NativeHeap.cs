using System.Runtime.InteropServices;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>The C library's heap, which keeps what was freed unless it is told to give it back.</summary>
internal static partial class NativeHeap
{
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
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libSystem.dylib")]
    private static partial nuint malloc_zone_pressure_relief(nint zone, nuint goal);
}
