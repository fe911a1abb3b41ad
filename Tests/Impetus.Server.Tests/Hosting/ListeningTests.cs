using System.Net;
using System.Net.Sockets;
using Impetus.Server.Hosting;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Hosting;

public sealed class ListeningTests
{
    [Fact]
    public async Task Both_loopbacks_answer_on_the_same_port()
    {
        await using var server = await RunningServer.OnSocketsAsync();
        int port = server.Server.Address.Port;
        using var client = server.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{port}/health")).StatusCode);
        if (!server.Server.LacksIPv6)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://[::1]:{port}/health")).StatusCode);
    }

    [Fact]
    public async Task A_taken_port_says_who_has_it_and_how_to_choose_another()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        var fault = await Assert.ThrowsAsync<PortTakenException>(() => RunningServer.OnSocketsAsync(s => s with { Port = port }));
        Assert.Contains($"Port {port} is taken", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--port", fault.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"process {Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_process_starts_stops_and_starts_again_on_the_same_port()
    {
        var first = await RunningServer.OnSocketsAsync();
        int port = first.Server.Address.Port;
        Assert.Equal(HttpStatusCode.OK, (await first.Client.GetAsync("/v1/models")).StatusCode);
        Assert.True(await first.Server.StopAsync());
        await first.DisposeAsync();
        Assert.True(first.Model.Disposed);

        await using var second = await RunningServer.OnSocketsAsync(s => s with { Port = port });
        Assert.Equal(HttpStatusCode.OK, (await second.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Two_servers_live_side_by_side_in_one_process()
    {
        await using var one = await RunningServer.OnSocketsAsync();
        await using var two = await RunningServer.OnSocketsAsync();
        Assert.NotEqual(one.Server.Address, two.Server.Address);
        await (await one.WithKey(one.Anonymous(), two.Server.Keys.First).GetAsync("/v1/models")).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused_with_its_name()
    {
        var address = IPAddress.Parse("192.0.2.1");
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.OnSocketsAsync(s => s with { Address = address }));
        Assert.Contains("192.0.2.1", fault.Message, StringComparison.Ordinal);
    }
}
