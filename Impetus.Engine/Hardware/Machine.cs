using System.Globalization;
using System.Runtime.InteropServices;

namespace Impetus.Engine.Hardware;

/// <summary>Cores of one kind.</summary>
/// <param name="Kind">As the system names them: <c>Performance</c>, <c>Efficiency</c>, from M5 on also <c>Super</c>.</param>
/// <param name="Count">How many.</param>
public sealed record CoreGroup(string Kind, int Count);

/// <summary>The machine as far as it matters for computing.</summary>
/// <param name="Chip">Such as <c>Apple M4 Pro</c>; elsewhere the processor's architecture.</param>
/// <param name="Cores">Its cores, the fastest first.</param>
/// <param name="MemoryBytes">Memory, which on a Mac the GPU shares.</param>
/// <param name="Bandwidth">How fast the memory is read.</param>
public sealed record Machine(string Chip, IReadOnlyList<CoreGroup> Cores, long MemoryBytes, MemoryBandwidth Bandwidth)
{
    /// <summary>This machine.</summary>
    public static Machine Current { get; } = OperatingSystem.IsMacOS() ? Read(new MacSystemControl()) : Other();

    /// <summary>Whether it is a Mac with Apple's own chip.</summary>
    public bool IsAppleSilicon => Chip.StartsWith("Apple ", StringComparison.Ordinal);

    /// <summary>Reads a Mac.</summary>
    public static Machine Read(ISystemControl control)
    {
        string chip = control.Text("machdep.cpu.brand_string") ?? "unknown";
        var cores = new List<CoreGroup>();
        for (long level = 0; level < (control.Number("hw.nperflevels") ?? 0); level++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"hw.perflevel{level}");
            if (control.Number($"{prefix}.physicalcpu") is { } count and > 0)
                cores.Add(new CoreGroup(control.Text($"{prefix}.name") ?? (level == 0 ? "Performance" : "Efficiency"), (int)count));
        }

        if (cores.Count == 0)
            cores.Add(new CoreGroup("Performance", (int)(control.Number("hw.physicalcpu") ?? Environment.ProcessorCount)));
        return new Machine(chip, cores, control.Number("hw.memsize") ?? 0, BandwidthOf(chip));
    }

    /// <summary>
    /// In a few words, such as <c>Apple M4 Pro, 8 performance and 4 efficiency cores, 24 GB (pro bandwidth)</c>. Its memory is counted as
    /// it is sold, in units of 2³⁰.
    /// </summary>
    public override string ToString()
    {
        string cores = string.Join(" and ", Cores.Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count} {group.Kind.ToLowerInvariant()}")));
        string bandwidth = Bandwidth == MemoryBandwidth.Unknown ? "" : $" ({Bandwidth.ToString().ToLowerInvariant()} bandwidth)";
        return string.Create(CultureInfo.InvariantCulture, $"{Chip}, {cores} cores, {MemoryBytes / (double)(1L << 30):0.#} GB{bandwidth}");
    }

    private static Machine Other() => new(
        RuntimeInformation.ProcessArchitecture.ToString(), [new CoreGroup("Logical", Environment.ProcessorCount)],
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, MemoryBandwidth.Unknown);

    private static MemoryBandwidth BandwidthOf(string chip) => chip.Split(' ') switch
    {
        ["Apple", ['M', ..]] => MemoryBandwidth.Base,
        ["Apple", ['M', ..], "Pro"] => MemoryBandwidth.Pro,
        ["Apple", ['M', ..], "Max"] => MemoryBandwidth.Max,
        ["Apple", ['M', ..], "Ultra"] => MemoryBandwidth.Ultra,
        _ => MemoryBandwidth.Unknown,
    };
}
