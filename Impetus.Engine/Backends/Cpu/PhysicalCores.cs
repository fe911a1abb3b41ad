using System.Globalization;
using System.Runtime.InteropServices;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>How many cores there are to compute on: two threads of one core would share its multipliers.</summary>
public static partial class PhysicalCores
{
    /// <summary>Physical cores that this process may use, at least 1; on Apple silicon only the fast ones.</summary>
    public static int Count { get; } = Math.Clamp(OperatingSystem.IsMacOS() ? CountOnMac() : CountOnLinux(), 1, Environment.ProcessorCount);

    private static int CountOnMac()
    {
        var size = (nuint)sizeof(int);
        return SystemControl("hw.perflevel0.physicalcpu", out var cores, ref size, 0, 0) == 0 ? cores
            : SystemControl("hw.physicalcpu", out cores, ref size, 0, 0) == 0 ? cores
            : Environment.ProcessorCount;
    }

    /// <summary>Processors whose own number is the first in their list of siblings. Elsewhere: all processors.</summary>
    private static int CountOnLinux()
    {
        try
        {
            var cores = Directory.GetDirectories("/sys/devices/system/cpu", "cpu*").Count(folder =>
            {
                var siblings = Path.Combine(folder, "topology", "thread_siblings_list");
                return int.TryParse(Path.GetFileName(folder).AsSpan(3), CultureInfo.InvariantCulture, out var number)
                    && File.Exists(siblings)
                    && int.Parse(File.ReadAllText(siblings).Split('-', ',')[0], CultureInfo.InvariantCulture) == number;
            });
            return cores > 0 ? cores : Environment.ProcessorCount;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            return Environment.ProcessorCount;
        }
    }

    [LibraryImport("libSystem.dylib", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SystemControl(string name, out int value, ref nuint size, nint newValue, nuint newSize);
}
