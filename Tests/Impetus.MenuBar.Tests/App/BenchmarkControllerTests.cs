using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Management;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Impetus.MenuBar.Tests.App;

public sealed class BenchmarkControllerTests : IDisposable
{
    private readonly INotifications _shown = Substitute.For<INotifications>();
    private readonly FakeServer _server = new();
    private readonly Notifier _notifier;
    private readonly BenchmarkController _benchmark;
    private bool _runs = true;

    public BenchmarkControllerTests()
    {
        var strings = new Strings(new CultureInfo("en"));
        _notifier = new(_shown, strings, () => true, new FakeTimeProvider());
        _benchmark = new(() => _runs ? _server : null, () => "m/a", _notifier, strings);
    }

    public void Dispose() => _notifier.Dispose();

    [Fact]
    public async Task It_is_offered_runs_and_tells_its_result_every_time()
    {
        var seen = new List<BenchmarkState?>();
        _benchmark.Changed += () => seen.Add(_benchmark.State);
        _server.Measuring = (id, progress, _) =>
        {
            progress.Report(3);
            return Task.FromResult(new ModelSpeed(id, 512, 560.2, 914, 48.3));
        };
        Assert.IsType<BenchmarkState.Offered>(_benchmark.State);
        await _benchmark.RunAsync();
        var done = new BenchmarkState.Done("m/a", 560.2, 914, 48.3);
        Assert.Equal([new BenchmarkState.Running(0, 8), new BenchmarkState.Running(3, 8), done], seen);
        await _benchmark.RunAsync();
        _shown.Received(2).Show(Arg.Is<Notification>(n =>
            n.Title == "48 tokens written per second" && n.Body == "a: 914 tokens read per second, first token after 561 ms."));
    }

    [Fact]
    public async Task Two_at_once_are_one_and_it_can_be_given_up_in_silence()
    {
        int begun = 0;
        _server.Measuring = async (_, _, cancel) =>
        {
            begun++;
            await Task.Delay(Timeout.Infinite, cancel);
            throw new InvalidOperationException("Forever is over.");
        };
        var first = _benchmark.RunAsync();
        await _benchmark.RunAsync();
        Assert.Equal(1, begun);
        _benchmark.Cancel();
        await first;
        Assert.IsType<BenchmarkState.Offered>(_benchmark.State);
        _shown.DidNotReceiveWithAnyArgs().Show(default!);
        _benchmark.Cancel();
    }

    [Fact]
    public async Task A_fault_is_said()
    {
        _server.Measuring = (_, _, _) => Task.FromException<ModelSpeed>(new InvalidOperationException("The model was unloaded."));
        await _benchmark.RunAsync();
        Assert.IsType<BenchmarkState.Offered>(_benchmark.State);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Title == "The Model Could Not Be Measured" && n.Body == "The model was unloaded."));
    }

    [Fact]
    public async Task Without_a_server_there_is_nothing_to_measure()
    {
        _runs = false;
        Assert.Null(_benchmark.State);
        await _benchmark.RunAsync();
        _shown.DidNotReceiveWithAnyArgs().Show(default!);
    }
}
