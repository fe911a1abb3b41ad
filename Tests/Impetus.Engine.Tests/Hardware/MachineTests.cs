using System.Globalization;
using Impetus.Engine.Backends;
using Impetus.Engine.Hardware;

namespace Impetus.Engine.Tests.Hardware;

/// <summary>
/// What `sysctl` says on Macs from M1 to M5, as their owners published it (public issue trackers), cut to the names that are asked for.
/// </summary>
public sealed class MachineTests
{
    private const string M1 = """
        machdep.cpu.brand_string: Apple M1
        hw.memsize: 17179869184
        hw.physicalcpu: 8
        hw.nperflevels: 2
        hw.perflevel0.physicalcpu: 4
        hw.perflevel1.physicalcpu: 4
        """;

    private const string M2Pro = """
        machdep.cpu.brand_string: Apple M2 Pro
        hw.memsize: 17179869184
        hw.physicalcpu: 12
        hw.nperflevels: 2
        hw.perflevel0.physicalcpu: 8
        hw.perflevel0.name: Performance
        hw.perflevel1.physicalcpu: 4
        hw.perflevel1.name: Efficiency
        """;

    private const string M3Max = """
        machdep.cpu.brand_string: Apple M3 Max
        hw.memsize: 68719476736
        hw.physicalcpu: 16
        hw.nperflevels: 2
        hw.perflevel0.physicalcpu: 12
        hw.perflevel0.name: Performance
        hw.perflevel1.physicalcpu: 4
        hw.perflevel1.name: Efficiency
        """;

    private const string M4Pro = """
        machdep.cpu.brand_string: Apple M4 Pro
        hw.memsize: 25769803776
        hw.physicalcpu: 12
        hw.nperflevels: 2
        hw.perflevel0.physicalcpu: 8
        hw.perflevel0.name: Performance
        hw.perflevel1.physicalcpu: 4
        hw.perflevel1.name: Efficiency
        """;

    private const string M5 = """
        machdep.cpu.brand_string: Apple M5
        hw.memsize: 34359738368
        hw.physicalcpu: 10
        hw.nperflevels: 2
        hw.perflevel0.physicalcpu: 4
        hw.perflevel0.name: Super
        hw.perflevel1.physicalcpu: 6
        hw.perflevel1.name: Efficiency
        """;

    [Theory]
    [InlineData(M1, "Apple M1, 4 performance and 4 efficiency cores, 16 GB (base bandwidth)", MemoryBandwidth.Base)]
    [InlineData(M2Pro, "Apple M2 Pro, 8 performance and 4 efficiency cores, 16 GB (pro bandwidth)", MemoryBandwidth.Pro)]
    [InlineData(M3Max, "Apple M3 Max, 12 performance and 4 efficiency cores, 64 GB (max bandwidth)", MemoryBandwidth.Max)]
    [InlineData(M4Pro, "Apple M4 Pro, 8 performance and 4 efficiency cores, 24 GB (pro bandwidth)", MemoryBandwidth.Pro)]
    [InlineData(M5, "Apple M5, 4 super and 6 efficiency cores, 32 GB (base bandwidth)", MemoryBandwidth.Base)]
    public void A_mac_is_read_by_its_own_names(string recorded, string expected, MemoryBandwidth bandwidth)
    {
        var machine = Machine.Read(new Recorded(recorded));
        Assert.Equal((expected, bandwidth, true), (machine.ToString(), machine.Bandwidth, machine.IsAppleSilicon));
    }

    [Fact]
    public void A_mac_that_says_little_is_read_as_far_as_it_goes()
    {
        var machine = Machine.Read(new Recorded("machdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz\nhw.physicalcpu: 6"));
        Assert.Equal((6, MemoryBandwidth.Unknown, false), (Assert.Single(machine.Cores).Count, machine.Bandwidth, machine.IsAppleSilicon));
    }

    [Fact]
    public void This_machine_is_read_too()
    {
        Assert.NotEmpty(Machine.Current.Cores);
        Assert.True(Machine.Current.MemoryBytes > 0);
    }

    [Theory]
    [InlineData(ComputeDevice.Metal)]
    [InlineData(ComputeDevice.MlxCpu)]
    [InlineData(ComputeDevice.Cpu)]
    public void Every_task_has_one_device_and_a_reason(ComputeDevice device)
    {
        var routes = ComputeDispatcher.Routes(device, Machine.Read(new Recorded(M4Pro)));
        foreach (var task in Enum.GetValues<ComputeTask>())
        {
            var taken = Assert.Single(routes, route => route.Task == task && route.Built);
            Assert.Equal(device, ComputeDispatcher.DeviceFor(task, routes));
            Assert.EndsWith(".", taken.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_neural_engine_is_named_and_never_taken()
    {
        var route = Assert.Single(ComputeDispatcher.Routes(ComputeDevice.Metal, Machine.Read(new Recorded(M1))), route => !route.Built);
        Assert.Equal((ComputeTask.Embedding, ComputeDevice.NeuralEngine), (route.Task, route.Device));
        Assert.All(ComputeDispatcher.Routes(ComputeDevice.Cpu, new Machine("X64", [new("Logical", 2)], 1L << 30, MemoryBandwidth.Unknown)), other => Assert.True(other.Built));
    }

    private sealed class Recorded(string output) : ISystemControl
    {
        private readonly Dictionary<string, string> _values = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);

        public string? Text(string name) => _values.GetValueOrDefault(name);

        public long? Number(string name) => _values.TryGetValue(name, out string? value) ? long.Parse(value, CultureInfo.InvariantCulture) : null;
    }
}
