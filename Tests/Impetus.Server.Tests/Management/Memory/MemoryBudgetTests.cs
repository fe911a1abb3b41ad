using Impetus.Engine;
using Impetus.Engine.Hardware;
using Impetus.Server.Hosting;
using Impetus.Server.Management.Memory;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Impetus.Server.Tests.Management.Memory;

public sealed class MemoryBudgetTests
{
    private const long GB = 1_000_000_000, GiB = 1L << 30;

    [Theory]
    [InlineData(8, null, null, null, 6.2, "machine")]
    [InlineData(4, null, null, null, 2.7, "machine")]
    [InlineData(128, null, null, null, 128.8, "machine")]
    [InlineData(64, 10.0, null, null, 9.5, "container")]
    [InlineData(8, 10.0, null, null, 6.2, "machine")]
    [InlineData(64, null, 10.0, null, 9.5, "process")]
    [InlineData(64, 10.0, null, 2.0, 2.0, "setting")]
    [InlineData(8, null, null, 100.0, 6.2, "machine")]
    public void The_limit_is_the_least_of_machine_container_process_and_setting(
        int machine, double? container, double? process, double? setting, double limit, string by)
    {
        var probe = Probe(machine, container);
        probe.ProcessBytes.Returns(process is { } bound ? (long)(bound * GB) : null);
        var budget = new MemoryBudget(Settings(setting), probe);
        Assert.Equal(limit, budget.LimitBytes / (double)GB, 1);
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

    [Theory]
    [InlineData(null, PressureLevel.Normal)]
    [InlineData(1L, PressureLevel.Normal)]
    [InlineData(2L, PressureLevel.Warning)]
    [InlineData(4L, PressureLevel.Critical)]
    public void A_Mac_is_as_short_of_memory_as_its_kernel_says(long? level, PressureLevel expected)
    {
        var control = Substitute.For<ISystemControl>();
        control.Number("hw.memsize").Returns(8 * GiB);
        control.Number("kern.memorystatus_vm_pressure_level").Returns(level);
        var mac = new MacMemory(control);
        var (time, probe) = (new FakeTimeProvider(), Probe(8, null));
        var told = mac.SystemPressure;
        probe.SystemPressure.Returns(told);
        var budget = new MemoryBudget(Settings(null), probe);
        using var watch = new MemoryWatch(budget, probe, time);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((8 * GiB, expected), (mac.MachineBytes, watch.Level));
        Assert.Equal("6.2 GB", ByteCount.Text(budget.LimitBytes));
    }

    [Theory]
    [InlineData("4:memory:/outer/inner", "0::/", 1_000_000)]
    [InlineData("9:cpu,memory:/outer/inner", "0::/unified", 1_000_000)]
    [InlineData("4:memory:/not/seen/inside", "0::/", 3_000_000)]
    [InlineData("4:cpu:/outer/inner", "0::/", null)]
    public void Linux_tells_the_least_bound_of_nested_control_groups_of_version_1(string former, string unified, int? bound)
    {
        using var root = new TemporaryDirectory();
        Write(root, "proc/meminfo", "MemTotal:       16000000 kB\n");
        Write(root, "proc/self/cgroup", $"10:name=systemd:/\n{former}\n{unified}\n");
        Write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "3000000\n");
        Write(root, "sys/fs/cgroup/memory/outer/memory.limit_in_bytes", "1000000\n");
        Write(root, "sys/fs/cgroup/memory/outer/inner/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.Equal(bound, new LinuxMemory(root.Path).ContainerBytes);
    }

    [Theory]
    [InlineData("6000000000           unlimited            bytes", 5_900_000_000)]
    [InlineData("unlimited            unlimited            bytes", null)]
    public void Linux_tells_a_bound_of_the_data_segment_less_what_is_only_reserved(string limit, long? bytes)
    {
        using var root = new TemporaryDirectory();
        Write(root, "proc/meminfo", "MemTotal:       16000000 kB\n");
        Write(root, "proc/self/status", "RssAnon:\t  100000 kB\nVmData:\t  197656 kB\n");
        Write(root, "proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units     \nMax data size             {limit}     \n");
        var measured = new LinuxMemory(root.Path).ProcessBytes;
        Assert.Equal(bytes is null, measured is null);
        Assert.InRange(measured ?? 0, (bytes ?? 0) - 1_000, (bytes ?? 0) + 1_000);
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

    private static IMemoryProbe Probe(int machine, double? container)
    {
        var probe = Substitute.For<IMemoryProbe>();
        probe.MachineBytes.Returns(machine * GiB);
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
