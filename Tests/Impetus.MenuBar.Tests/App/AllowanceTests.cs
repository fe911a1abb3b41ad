using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.Tests.App;

public sealed class AllowanceTests
{
    [Fact]
    public void At_ease_the_user_decides()
    {
        foreach (var mode in Enum.GetValues<PerformanceMode>())
            Assert.Equal(new Allowance(mode, false, false, null), Allowance.Decide(mode, default));
    }

    [Fact]
    public void Heat_power_memory_and_sleep_each_take_something()
    {
        (Conditions Conditions, Allowance Expected)[] cases =
        [
            (new() { Thermal = ThermalState.Fair }, new(PerformanceMode.Performance, false, false, null)),
            (new() { Thermal = ThermalState.Serious }, new(PerformanceMode.Efficiency, true, false, Restraint.Heat)),
            (new() { Thermal = ThermalState.Critical, LowPower = true }, new(PerformanceMode.Efficiency, true, false, Restraint.Heat)),
            (new() { LowPower = true }, new(PerformanceMode.Efficiency, false, false, Restraint.LowPower)),
            (new() { Memory = MemoryPressure.Warning }, new(PerformanceMode.Performance, true, true, null)),
            (new() { Memory = MemoryPressure.Critical }, new(PerformanceMode.Performance, true, true, null)),
            (new() { Asleep = true }, new(PerformanceMode.Performance, true, false, null)),
        ];
        foreach (var (conditions, expected) in cases)
            Assert.Equal(expected, Allowance.Decide(PerformanceMode.Performance, conditions));
    }

    [Theory]
    [InlineData("Efficiency", 8, 4, 4, 1, 5)]
    [InlineData("Balanced", 8, 7, 16, 2, 60)]
    [InlineData("Performance", 8, 8, 32, 4, null)]
    [InlineData("Efficiency", 1, 1, 4, 1, 5)]
    [InlineData("Balanced", 1, 1, 16, 2, 60)]
    public void A_mode_sets_threads_batch_cache_and_idle_time(string mode, int cores, int threads, int batch, long cacheGiB, int? idleMinutes)
    {
        var plan = PerformancePlan.For(Enum.Parse<PerformanceMode>(mode), new(cores, 16L << 30));
        Assert.Equal(new PerformancePlan(threads, batch, cacheGiB << 30, idleMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null), plan);
        var settings = plan.Apply(new ServerSettings { Data = DataDirectory.Locate("/data", _ => null) });
        Assert.Equal((threads, batch, cacheGiB << 30, plan.Idle), (settings.Threads, settings.Batch, settings.CacheBytes, settings.KeepAlive.Idle));
    }

    [Fact]
    public void A_small_machine_keeps_a_cache_that_is_of_use() =>
        Assert.Equal(256L << 20, PerformancePlan.For(PerformanceMode.Efficiency, new(2, 1L << 30)).CacheBytes);
}
