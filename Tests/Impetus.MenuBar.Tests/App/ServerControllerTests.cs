using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Hosting;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Impetus.MenuBar.Tests.App;

public sealed class ServerControllerTests : IDisposable
{
    private readonly TemporaryData _home = new();
    private readonly IServerHost _host = Substitute.For<IServerHost>();
    private readonly FakeServer _server = new();
    private readonly List<string> _seen = [];
    private readonly ServerController _controller;
    private readonly ServerSettings _settings;

    public ServerControllerTests()
    {
        _settings = new() { Data = _home.Data };
        _controller = new(_host, new Strings(new CultureInfo("en")));
        _controller.Changed += () =>
        {
            string state = _controller.Now.State.GetType().Name;
            lock (_seen)
                _seen.Add(state);
        };
        _host.StartAsync(default!, default).ReturnsForAnyArgs(_server);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_server_starts_and_stops()
    {
        await _controller.StartAsync(_settings);
        Assert.True(await _controller.StopAsync());

        Assert.Equal(["Starting", "Running", "Stopping", "Stopped"], _seen);
        Assert.True(_server.Disposed);
        Assert.Null(_controller.Now.Server);
    }

    [Fact]
    public async Task Two_starts_at_once_make_one_server()
    {
        var gate = new TaskCompletionSource<IHostedServer>();
        _host.StartAsync(default!, default).ReturnsForAnyArgs(gate.Task);
        var both = new[] { _controller.StartAsync(_settings), _controller.StartAsync(_settings) };
        gate.SetResult(_server);
        await Task.WhenAll(both);
        await _host.ReceivedWithAnyArgs(1).StartAsync(default!, default);
    }

    [Fact]
    public async Task A_taken_port_offers_another_one()
    {
        _host.StartAsync(default!, default).ThrowsAsyncForAnyArgs(new PortTakenException(8080, "'ollama' (process 4711)"));
        await _controller.StartAsync(_settings);
        var failed = Assert.IsType<ServerState.Failed>(_controller.Now.State);
        Assert.Equal("Port 8080 Is Taken", failed.Fault.Title);
        Assert.Contains("ollama", failed.Fault.Detail, StringComparison.Ordinal);
        Assert.Equal([Remedy.TryAgain, Remedy.UseFreePort], failed.Fault.Remedies);
    }

    [Fact]
    public async Task Any_other_fault_is_said_whole_and_a_second_try_works()
    {
        _host.StartAsync(default!, default).ReturnsForAnyArgs(
            _ => Task.FromException<IHostedServer>(new SettingsException("The disk is full.")), _ => Task.FromResult<IHostedServer>(_server));
        await _controller.StartAsync(_settings);
        var failed = Assert.IsType<ServerState.Failed>(_controller.Now.State);
        Assert.Equal("The disk is full.", failed.Fault.Detail);
        Assert.Equal([Remedy.TryAgain, Remedy.ShowLog], failed.Fault.Remedies);

        await _controller.StartAsync(_settings);
        Assert.IsType<ServerState.Running>(_controller.Now.State);
    }

    [Fact]
    public async Task A_stop_gives_up_a_start()
    {
        _host.StartAsync(default!, default).ReturnsForAnyArgs(call => NeverAsync(call.Arg<CancellationToken>()));
        var start = _controller.StartAsync(_settings);
        Assert.IsType<ServerState.Starting>(_controller.Now.State);
        Assert.True(await _controller.StopAsync());
        await start;
        Assert.IsType<ServerState.Stopped>(_controller.Now.State);
    }

    [Fact]
    public async Task Who_is_in_a_hurry_cuts_running_requests_off_and_hears_of_it()
    {
        _server.Stopping = async hurry =>
        {
            await Task.Delay(Timeout.Infinite, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        };
        await _controller.StartAsync(_settings);
        var stop = _controller.StopAsync();
        Assert.IsType<ServerState.Stopping>(_controller.Now.State);
        Assert.False(stop.IsCompleted);
        _controller.Hurry();
        Assert.False(await stop);
        Assert.True(_server.Disposed);
    }

    [Fact]
    public async Task A_server_that_stops_badly_is_put_away_all_the_same()
    {
        _server.Stopping = _ => throw new InvalidOperationException("The engine does not answer.");
        await _controller.StartAsync(_settings);
        Assert.False(await _controller.StopAsync());
        Assert.Equal("The engine does not answer.", Assert.IsType<ServerState.Failed>(_controller.Now.State).Fault.Detail);
        Assert.True(_server.Disposed);
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_is_missed()
    {
        await _controller.StartAsync(_settings);
        _server.Running.SetResult();
        await UntilAsync(now => now.State is ServerState.Failed);
        Assert.True(_server.Disposed);
        Assert.Null(_controller.Now.Server);
    }

    [Fact]
    public async Task The_old_server_is_gone_before_the_new_one_starts()
    {
        var next = new FakeServer();
        bool gone = false;
        _host.StartAsync(default!, default).ReturnsForAnyArgs(_ => _server, _ =>
        {
            gone = _server.Disposed;
            return next;
        });
        await _controller.StartAsync(_settings);
        Assert.True(await _controller.RestartAsync(_settings with { Port = 8081 }));
        Assert.True(gone);
        Assert.Same(next, _controller.Now.Server);
    }

    [Fact]
    public async Task The_end_of_a_server_that_is_gone_is_not_heard()
    {
        var next = new FakeServer();
        _host.StartAsync(default!, default).ReturnsForAnyArgs(_server, next);
        await _controller.StartAsync(_settings);
        await _controller.RestartAsync(_settings);
        await _server.Ended;
        Assert.Same(next, await _controller.SettledAsync());
        Assert.IsType<ServerState.Running>(_controller.Now.State);
    }

    [Fact]
    public async Task Whoever_waits_for_a_start_gets_its_server()
    {
        var gate = new TaskCompletionSource<IHostedServer>();
        _host.StartAsync(default!, default).ReturnsForAnyArgs(gate.Task);
        var start = _controller.StartAsync(_settings);
        var settled = _controller.SettledAsync();
        Assert.False(settled.IsCompleted);
        gate.SetResult(_server);
        Assert.Same(_server, await settled);
        await start;
        await _controller.StopAsync();
        Assert.Null(await _controller.SettledAsync());
    }

    [Fact]
    public async Task Disposing_stops_without_waiting_for_requests()
    {
        _server.Stopping = _ => Task.FromException<bool>(new InvalidOperationException("must not be asked"));
        await _controller.StartAsync(_settings);
        await _controller.DisposeAsync();
        Assert.True(_server.Disposed);
        Assert.IsType<ServerState.Stopped>(_controller.Now.State);
    }

    private static async Task<IHostedServer> NeverAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        throw new InvalidOperationException("Forever is over.");
    }

    private Task UntilAsync(Func<ServerSnapshot, bool> condition) =>
        Until.TrueAsync(() => condition(_controller.Now), look => _controller.Changed += look, look => _controller.Changed -= look);
}
