using System.Net;
using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Impetus.Server.Tests.Management;

public sealed class ModelHostTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _home = new();
    private readonly FakeTimeProvider _time = new();
    private readonly IMemoryPressure _pressure = Substitute.For<IMemoryPressure>();
    private readonly ManyModels _models = new(("m/a", 400), ("m/b", 400), ("m/c", 400), ("m/huge", 5000));
    private readonly List<ModelHost> _hosts = [];
    private MemoryBudget _budget = null!;

    [Fact]
    public async Task Two_requests_for_a_model_wait_for_one_load()
    {
        var host = Host();
        _models.Hold = new();
        var leases = new[] { Use(host, "m/a"), Use(host, "m/a") };
        _models.Hold.SetResult();
        var models = await Task.WhenAll(leases);
        Assert.Same(models[0].Model, models[1].Model);
        Assert.Equal(["m/a"], _models.Loads);
        Assert.Equal(2, Assert.Single(host.Resident).InFlight);
    }

    [Fact]
    public async Task A_load_that_nobody_waits_for_any_more_is_cancelled()
    {
        var host = Host();
        _models.Hold = new();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var leases = new[] { Use(host, "m/a", cancel: first.Token), Use(host, "m/a", cancel: second.Token) };
        var gone = Next(host, ResidentState.Failed);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leases[0]);
        Assert.Equal(ResidentState.Loading, Assert.Single(host.Resident).State);
        await second.CancelAsync();
        await gone;
        Assert.Empty(host.Resident);
    }

    [Fact]
    public async Task A_load_can_be_cancelled_by_name_and_those_who_wait_are_told()
    {
        var host = Host();
        _models.Hold = new();
        var lease = Use(host, "m/a");
        Assert.Equal(UnloadEnd.Cancelled, (await host.UnloadAsync("m/a", TimeSpan.Zero)).End);
        Assert.Equal("model_load_cancelled", (await Assert.ThrowsAsync<ApiException>(() => lease)).Code);
        _models.Hold = null;
        using var again = await Use(host, "m/a");
        Assert.Equal("m/a", again.Model.Id);
    }

    [Fact]
    public async Task A_load_that_can_no_longer_be_stopped_is_undone()
    {
        var host = Host();
        (_models.Hold, _models.Stoppable) = (new(), false);
        var lease = Use(host, "m/a");
        await UntilAsync(() => _models.Loads.Count == 1);
        var unloading = host.UnloadAsync("m/a", TimeSpan.Zero);
        _models.Hold.SetResult();
        Assert.Equal(UnloadEnd.Cancelled, (await unloading).End);
        Assert.Equal("model_load_cancelled", (await Assert.ThrowsAsync<ApiException>(() => lease)).Code);
        Assert.True(_models.Loaded["m/a"].Disposed);
    }

    [Fact]
    public async Task A_load_tells_its_bytes()
    {
        var host = Host();
        var told = new List<ResidentModel>();
        host.Changed += model => told.Add(model);
        using var lease = await Use(host, "m/a");
        Assert.Equal([(0, 0), (200, 0.5), (400, 1)], told.Where(model => model.State == ResidentState.Loading).Select(model => (model.Bytes, model.Progress)));
        Assert.Equal(ResidentState.Ready, told[^1].State);
    }

    [Fact]
    public async Task What_was_used_least_recently_makes_room()
    {
        var host = Host(limit: 1000);
        (await Use(host, "m/a")).Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await Use(host, "m/b")).Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await Use(host, "m/a")).Dispose();
        (await Use(host, "m/c")).Dispose();
        Assert.Equal(["m/a", "m/c"], host.Resident.Select(model => model.Id));
        Assert.True(_models.Loaded["m/b"].Disposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_in_use_or_pinned_makes_no_room_and_the_refusal_has_both_numbers(bool pinned)
    {
        var host = Host(limit: 600_000_000, scale: 1_000_000);
        if (pinned)
            await host.LoadAsync("m/a", pinned: true);
        else
            await Use(host, "m/a");
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Use(host, "m/b"));
        Assert.Equal((503, "out_of_memory"), (refusal.Status, refusal.Code));
        Assert.NotNull(refusal.RetryAfterSeconds);
        Assert.Contains("needs 401 MB", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("200 MB are free", refusal.Message, StringComparison.Ordinal);
        Assert.False(_models.Loaded["m/a"].Disposed);
    }

    [Fact]
    public async Task What_can_never_fit_is_refused_for_good_and_unloads_nobody()
    {
        var host = Host(limit: 600_000_000, scale: 1_000_000);
        (await Use(host, "m/a")).Dispose();
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Use(host, "m/huge"));
        Assert.Equal((400, "out_of_memory"), (refusal.Status, refusal.Code));
        Assert.Contains("needs 5.0 GB", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("600 MB", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiException>(() => host.SwitchAsync("m/huge", TimeSpan.Zero))).Status);
        Assert.False(_models.Loaded["m/a"].Disposed);
    }

    [Fact]
    public async Task A_request_that_does_not_fit_is_refused_before_its_prompt_is_computed()
    {
        var host = Host(limit: 1000);
        using var lease = await Use(host, "m/a");
        (await host.AdmitAsync("m/a", 400, 1)).Dispose();
        using (await host.AdmitAsync("m/a", 400, 1))
            Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => host.AdmitAsync("m/a", 400, 1))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiException>(() => host.AdmitAsync("m/a", 400, 2))).Status);
    }

    [Fact]
    public async Task Caches_share_three_quarters_of_what_the_models_in_memory_leave()
    {
        var host = Host(limit: 2000);
        (await Use(host, "m/a")).Dispose();
        Assert.Equal(1200, _budget.Caches.Bytes);
        (await Use(host, "m/b")).Dispose();
        Assert.Equal(900, _budget.Caches.Bytes);
        await host.UnloadAsync("m/a", TimeSpan.Zero);
        Assert.Equal(1200, _budget.Caches.Bytes);
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("0", 0)]
    public async Task A_model_goes_when_its_time_is_over(string? keepAlive, int seconds)
    {
        var host = Host();
        var lease = await Use(host, "m/a", keepAlive is null ? null : KeepAlive.Parse(keepAlive));
        var gone = Next(host, ResidentState.Unloaded);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(Assert.Single(host.Resident).ExpiresAt);
        lease.Dispose();
        if (seconds > 0)
        {
            Assert.Equal(_time.GetUtcNow().AddSeconds(seconds), Assert.Single(host.Resident).ExpiresAt);
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(ResidentState.Ready, Assert.Single(host.Resident).State);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        await gone;
        Assert.Empty(host.Resident);
    }

    [Fact]
    public async Task A_model_stays_whose_time_is_for_ever_or_that_is_pinned()
    {
        var host = Host();
        (await Use(host, "m/a", KeepAlive.ForEver)).Dispose();
        await host.LoadAsync("m/b", pinned: true);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.All(host.Resident, model => Assert.Equal((ResidentState.Ready, null), (model.State, model.ExpiresAt)));
    }

    [Fact]
    public async Task What_is_set_for_a_model_holds_for_the_next_run()
    {
        new ModelDefaults(DataDirectory.Locate(_home.Path, _ => null)).Set("m/a", KeepAlive.Parse("10s"), null);
        var host = Host();
        (await Use(host, "m/a")).Dispose();
        Assert.Equal(_time.GetUtcNow().AddSeconds(10), Assert.Single(host.Resident).ExpiresAt);
    }

    [Fact]
    public async Task Unloading_waits_for_requests_as_long_as_it_may()
    {
        var host = Host();
        var lease = await Use(host, "m/a");
        var unloading = host.UnloadAsync("m/a", TimeSpan.FromMinutes(1));
        await UntilAsync(() => Assert.Single(host.Resident).State == ResidentState.Unloading);
        var later = Use(host, "m/a");
        Assert.False(_models.Loaded["m/a"].Disposed);
        lease.Dispose();
        Assert.Equal(new Unloading("m/a", UnloadEnd.Drained), await unloading);
        using var again = await later;
        Assert.Equal(["m/a", "m/a"], _models.Loads);
    }

    [Fact]
    public async Task Unloading_ends_the_requests_that_take_longer()
    {
        var host = Host();
        using var lease = await Use(host, "m/a");
        var unloading = host.UnloadAsync("m/a", TimeSpan.FromMinutes(1));
        await UntilAsync(() => Assert.Single(host.Resident).State == ResidentState.Unloading);
        var model = _models.Loaded["m/a"];
        await AdvanceUntilAsync(() => model.Disposed);
        lease.Dispose();
        Assert.Equal(new Unloading("m/a", UnloadEnd.Cancelled, 1), await unloading);
    }

    [Theory]
    [InlineData(1000, "m/b")]
    [InlineData(600, "")]
    public async Task A_switch_loads_first_where_there_is_room(long limit, string besides)
    {
        var host = Host(limit);
        (await Use(host, "m/a")).Dispose();
        string? beside = null;
        host.Changed += model => beside ??= model is { Id: "m/a", State: ResidentState.Unloading } ? string.Concat(host.Resident.Where(m => m.State == ResidentState.Ready).Select(m => m.Id)) : null;
        Assert.Equal([new Unloading("m/a", UnloadEnd.Idle)], await host.SwitchAsync("m/b", TimeSpan.Zero));
        Assert.Equal("m/b", Assert.Single(host.Resident).Id);
        Assert.Equal(besides, beside);
    }

    [Fact]
    public async Task Short_memory_unloads_the_idle_and_lets_nothing_begin()
    {
        var host = Host();
        (await Use(host, "m/a")).Dispose();
        using var used = await Use(host, "m/b");
        var gone = Next(host, ResidentState.Unloaded);
        _pressure.Level.Returns(PressureLevel.Critical);
        _pressure.Changed += Raise.Event<Action<PressureLevel>>(PressureLevel.Critical);
        Assert.Equal("m/a", (await gone).Id);
        Assert.Equal(1, _models.Loaded["m/b"].Trims);
        Assert.Equal((503, "out_of_memory"), (await Assert.ThrowsAsync<ApiException>(() => Use(host, "m/c")) is var refusal) ? (refusal.Status, refusal.Code) : default);
    }

    [Fact]
    public async Task A_model_that_took_an_earlier_run_with_it_is_not_loaded_by_itself()
    {
        var data = DataDirectory.Locate(_home.Path, _ => null);
        var mark = new CrashMarkers(data).Mark("m/a", CrashPhase.FirstRequest, _time.GetUtcNow());
        PretendThatItsProcessIsGone(data);
        var host = Host();
        await host.StartAsync(default);
        var held = await Assert.ThrowsAsync<ModelLoadException>(() => host.Loaded);
        Assert.Contains("worked on its first request", held.Message, StringComparison.Ordinal);
        Assert.Equal(CrashPhase.FirstRequest, host.HeldBack?.Phase);
        Assert.Empty(_models.Loads);

        (await Use(host, "m/a")).Dispose();
        Assert.Empty(new CrashMarkers(data).Found);
        mark.Dispose();
    }

    [Fact]
    public async Task A_model_at_work_stands_on_disk_until_its_first_request_is_over()
    {
        string folder = _home.Combine("state", "models-at-work");
        var host = Host();
        _models.Hold = new();
        var lease = Use(host, "m/a");
        await UntilAsync(() => _models.Loads.Count == 1);
        Assert.Contains("Loading", File.ReadAllText(Assert.Single(Directory.GetFiles(folder))), StringComparison.Ordinal);
        _models.Hold.SetResult();
        var first = await lease;
        Assert.Contains("FirstRequest", File.ReadAllText(Assert.Single(Directory.GetFiles(folder))), StringComparison.Ordinal);
        first.Dispose();
        Assert.Empty(Directory.GetFiles(folder));
        using var second = await Use(host, "m/a");
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_model_whose_engine_fails_is_unloaded_and_loaded_again_when_it_is_named()
    {
        var host = Host();
        (await Use(host, "m/a")).Dispose();
        await FailAsync(host, "m/a", 1);
        Assert.Empty(host.Resident);
        using var again = await Use(host, "m/a");
        Assert.Equal(["m/a", "m/a"], _models.Loads);
    }

    [Fact]
    public async Task A_model_that_fails_twice_on_the_same_input_stays_out_until_it_is_loaded_by_name()
    {
        var host = Host();
        (await Use(host, "m/a")).Dispose();
        await FailAsync(host, "m/a", 1, 2);
        var failed = Next(host, ResidentState.Failed);
        (await Use(host, "m/a")).Dispose();
        await FailAsync(host, "m/a", 2, 3);
        Assert.Contains("the device is lost", (await failed).Fault, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<ApiException>(() => Use(host, "m/a"));
        Assert.Equal("model_failed", refused.Code);
        Assert.Equal(ResidentState.Failed, Assert.Single(host.Resident).State);
        using (await Use(host, "m/b"))
            Assert.Equal(2, host.Resident.Count);

        await host.LoadAsync("m/a");
        using var back = await Use(host, "m/a");
        Assert.Equal("m/a", back.Model.Id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _home.Dispose();
    }

    private ModelHost Host(long limit = 10_000, long scale = 1)
    {
        _models.Scale = scale;
        var settings = new ServerSettings { Data = DataDirectory.Locate(_home.Path, _ => null), Model = "m/a", MemoryBytes = limit };
        _budget = new MemoryBudget(settings, _models);
        var guard = new MemoryGuard(_budget, _pressure, NullLogger<MemoryGuard>.Instance);
        var host = new ModelHost(settings, _models, guard, new CrashMarkers(settings.Data), new ModelDefaults(settings.Data), new FaultPolicy(_time), _time, NullLogger<ModelHost>.Instance);
        _hosts.Add(host);
        return host;
    }

    private static Task<ModelLease<IChatModel>> Use(ModelHost host, string id, KeepAlive? keepAlive = null, CancellationToken cancel = default) =>
        host.LeaseAsync<IChatModel>(id, ModelKind.Chat, keepAlive, cancel);

    /// <summary>Lets a loaded model's engine fail at some inputs; completes when the model is out of memory.</summary>
    private async Task FailAsync(ModelHost host, string id, params ulong[] inputs)
    {
        var unloaded = Next(host, ResidentState.Unloaded);
        _models.Loaded[id].Fail(new StepFault(new InvalidOperationException("the device is lost"), inputs));
        await unloaded;
    }

    private static Task<ResidentModel> Next(ModelHost host, ResidentState state)
    {
        var next = new TaskCompletionSource<ResidentModel>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Changed += model =>
        {
            if (model.State == state)
                next.TrySetResult(model);
        };
        return next.Task.WaitAsync(Patience);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // The wait begins on another thread.
    private Task AdvanceUntilAsync(Func<bool> holds) => UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        return holds();
    });

    private static void PretendThatItsProcessIsGone(DataDirectory data)
    {
        string file = Assert.Single(Directory.GetFiles(Path.Combine(data.State, "models-at-work")));
        File.WriteAllText(file, File.ReadAllText(file).Replace($"\"ProcessId\":{Environment.ProcessId}", $"\"ProcessId\":{int.MaxValue}", StringComparison.Ordinal));
    }
}
