using Impetus.Server.Hosting;
using Impetus.Server.Management.Memory;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Impetus.Server.Tests.Management.Memory;

public sealed class MemoryBudgetTests
{
    private const long GB = 1L << 30;

    [Theory]
    [InlineData(8.0, null, null, 6.2, "machine")]
    [InlineData(4.0, null, null, 2.5, "machine")]
    [InlineData(128.0, null, null, 120.0, "machine")]
    [InlineData(64.0, 10.0, null, 9.5, "container")]
    [InlineData(8.0, 10.0, null, 6.2, "machine")]
    [InlineData(64.0, 10.0, 2.0, 2.0, "setting")]
    [InlineData(8.0, null, 100.0, 6.2, "machine")]
    public void The_limit_is_the_least_of_machine_container_and_setting(double machine, double? container, double? setting, double limit, string by)
    {
        var budget = new MemoryBudget(Settings(setting), Probe(machine, container));
        Assert.Equal(limit, budget.LimitBytes / (double)GB, 3);
        Assert.Equal(by, budget.LimitedBy);
    }

    [Fact]
    public void What_is_promised_counts_until_it_is_taken()
    {
        var probe = Probe(64, null);
        probe.FootprintBytes.Returns(GB);
        var budget = new MemoryBudget(Settings(4), probe);
        Assert.Equal(3 * GB, budget.FreeBytes);
        var promise = budget.Promise(2 * GB);
        Assert.Equal((3 * GB, GB), (budget.UsedBytes, budget.FreeBytes));
        promise.Dispose();
        promise.Dispose();
        Assert.Equal(3 * GB, budget.FreeBytes);
    }

    [Fact]
    public void What_others_use_is_not_free()
    {
        var probe = Probe(64, null);
        probe.AvailableBytes.Returns(GB);
        Assert.Equal(GB, new MemoryBudget(Settings(null), probe).FreeBytes);
    }

    [Fact]
    public void Pressure_rises_and_falls_without_fluttering()
    {
        var (time, probe) = (new FakeTimeProvider(), Probe(64, null));
        using var watch = new MemoryWatch(new MemoryBudget(Settings(10), probe), probe, time);
        var told = new List<PressureLevel>();
        watch.Changed += told.Add;
        foreach (double used in (double[])[5, 9.1, 8.9, 9.8, 9.5, 9.3, 8.8, 8.6])
        {
            probe.FootprintBytes.Returns((long)(used * GB));
            time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal([PressureLevel.Warning, PressureLevel.Critical, PressureLevel.Warning, PressureLevel.Normal], told);
    }

    [Fact]
    public void A_machine_that_others_fill_is_short_of_memory()
    {
        var (time, probe) = (new FakeTimeProvider(), Probe(64, null));
        probe.AvailableBytes.Returns(4 * GB);
        using var watch = new MemoryWatch(new MemoryBudget(Settings(10), probe), probe, time);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(PressureLevel.Critical, watch.Level);
    }

    [Fact]
    public void Linux_tells_the_least_bound_of_nested_control_groups()
    {
        using var root = new TemporaryDirectory();
        Write(root, "proc/meminfo", "MemTotal:       16000000 kB\nMemFree:         1 kB\nMemAvailable:    8000000 kB\n");
        Write(root, "proc/self/status", "Name:\tx\nVmSwap:\t      10 kB\nRssAnon:\t    1000 kB\nRssFile:\t 99999 kB\nRssShmem:\t       5 kB\n");
        Write(root, "proc/self/cgroup", "0::/outer/inner\n");
        var memory = new LinuxMemory(root.Path);
        Assert.Null(memory.ContainerBytes);
        Write(root, "sys/fs/cgroup/outer/memory.max", "2000000\n");
        Write(root, "sys/fs/cgroup/outer/inner/memory.max", "max\n");
        Assert.Equal(2_000_000, memory.ContainerBytes);
        Write(root, "sys/fs/cgroup/memory.max", "1000000\n");
        Assert.Equal(1_000_000, memory.ContainerBytes);
        Assert.Equal((16_000_000L << 10, 8_000_000L << 10, 1015L << 10), (memory.MachineBytes, memory.AvailableBytes, memory.FootprintBytes));
    }

    [Fact]
    public void This_machine_tells_what_a_process_takes()
    {
        var probe = PlainMemory.OfThisMachine();
        Assert.InRange(probe.FootprintBytes, 1L << 20, probe.MachineBytes);
        Assert.True(probe.ContainerBytes is not <= 0);
    }

    private static ServerSettings Settings(double? gigabytes) => new()
    {
        Data = DataDirectory.Locate("/nowhere", _ => null),
        MemoryBytes = gigabytes is { } size ? (long)(size * GB) : null,
    };

    private static IMemoryProbe Probe(double machine, double? container)
    {
        var probe = Substitute.For<IMemoryProbe>();
        probe.MachineBytes.Returns((long)(machine * GB));
        probe.ContainerBytes.Returns(container is { } bound ? (long)(bound * GB) : null);
        return probe;
    }

    private static void Write(TemporaryDirectory root, string file, string text)
    {
        string path = root.Combine(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
