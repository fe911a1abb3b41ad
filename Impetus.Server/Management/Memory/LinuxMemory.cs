using System.Globalization;

namespace Impetus.Server.Management.Memory;

/// <summary>Memory as Linux tells it: <c>/proc/self/status</c>, <c>/proc/self/limits</c>, <c>/proc/meminfo</c>, and control groups.</summary>
/// <param name="root">Where <c>proc</c> and <c>sys</c> are.</param>
internal sealed class LinuxMemory(string root = "/") : IMemoryProbe
{
    private readonly ControlGroups _groups = new(root);

    public long FootprintBytes =>
        Kilobytes("proc/self/status", "RssAnon:") + Kilobytes("proc/self/status", "RssShmem:") + Kilobytes("proc/self/status", "VmSwap:");

    public long MachineBytes { get; } = KilobytesOf(Path.Combine(root, "proc/meminfo"), "MemTotal:");

    public long? AvailableBytes => Kilobytes("proc/meminfo", "MemAvailable:");

    // What is available tells it.
    public PressureLevel SystemPressure => PressureLevel.Normal;

    public long? ContainerBytes => _groups.LeastBytes;

    /// <summary>
    /// The soft <c>RLIMIT_DATA</c> (<c>ulimit -d</c>) less what is held against it and is no memory: it counts private pages that may
    /// be written from when they are reserved, and .NET reserves more than it uses.
    /// </summary>
    public long? ProcessBytes => LimitOf("Max data size") is { } limit
        ? Math.Max(0, limit - Math.Max(0, Kilobytes("proc/self/status", "VmData:") - FootprintBytes))
        : null;

    private long Kilobytes(string file, string name) => KilobytesOf(Path.Combine(root, file), name);

    // Such as "Max data size             6200000000           unlimited            bytes".
    private long? LimitOf(string name)
    {
        string file = Path.Combine(root, "proc/self/limits");
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        string? soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
    }

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
