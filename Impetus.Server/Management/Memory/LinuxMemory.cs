using System.Globalization;

namespace Impetus.Server.Management.Memory;

/// <summary>Memory as Linux tells it: <c>/proc/self/status</c>, <c>/proc/meminfo</c>, and <c>memory.max</c> of control groups (v2).</summary>
/// <param name="root">Where <c>proc</c> and <c>sys</c> are.</param>
internal sealed class LinuxMemory(string root = "/") : IMemoryProbe
{
    private const string Groups = "sys/fs/cgroup";

    public long FootprintBytes =>
        Kilobytes("proc/self/status", "RssAnon:") + Kilobytes("proc/self/status", "RssShmem:") + Kilobytes("proc/self/status", "VmSwap:");

    public long MachineBytes { get; } = KilobytesOf(Path.Combine(root, "proc/meminfo"), "MemTotal:");

    public long? AvailableBytes => Kilobytes("proc/meminfo", "MemAvailable:");

    /// <summary>The least of the bounds of the group and of those around it.</summary>
    public long? ContainerBytes
    {
        get
        {
            long? least = null;
            for (string group = Group(); ; group = group[..group.LastIndexOf('/')])
            {
                if (Bound(Path.Combine(root, Groups, group.TrimStart('/'), "memory.max")) is { } bound && !(bound >= least))
                    least = bound;
                if (group.Length == 0)
                    return least;
            }
        }
    }

    private string Group()
    {
        string file = Path.Combine(root, "proc/self/cgroup");
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal)) : null;
        return line?["0::".Length..].TrimEnd('/') ?? "";
    }

    private static long? Bound(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;

    private long Kilobytes(string file, string name) => KilobytesOf(Path.Combine(root, file), name);

    private static long KilobytesOf(string file, string name)
    {
        foreach (string line in File.ReadLines(file))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) << 10;
        }

        return 0;
    }
}
