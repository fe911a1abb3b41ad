using System.Net;
using Impetus.Server.Hosting;
using Impetus.Server.Security;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Security;

public sealed class HostTests
{
    private static HostCheck Check(IPAddress? address = null, params string[] allowed) =>
        new(new() { Data = DataDirectory.Locate("/nowhere", _ => null), Address = address, AllowedHosts = allowed });

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost", true)]
    [InlineData("localhost.", true)]
    [InlineData("impetus.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.2", true)]
    [InlineData("[::1]", true)]
    [InlineData("", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("0.0.0.0", false)]
    public void On_the_loopbacks_only_names_of_the_loopbacks_are_answered(string host, bool answered) =>
        Assert.Equal(answered, Check().IsOurs(host));

    [Fact]
    public void In_a_network_addresses_and_the_machine_s_name_are_answered_too()
    {
        var check = Check(IPAddress.Any);
        Assert.True(check.IsOurs("192.168.1.7"));
        Assert.True(check.IsOurs(Environment.MachineName));
        Assert.False(check.IsOurs("evil.example"));
    }

    [Fact]
    public void A_name_that_was_allowed_is_answered() => Assert.True(Check(null, "llm.example.org").IsOurs("LLM.example.org"));

    [Fact]
    public async Task A_rebound_name_is_refused_even_with_the_key()
    {
        await using var server = await RunningServer.InMemoryAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { Host = "evil.example:8080" } };
        var error = await (await server.Client.SendAsync(request)).ErrorAsync(HttpStatusCode.Forbidden, "host_not_allowed");
        Assert.Contains("evil.example", error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:5173")]
    [InlineData("http://localhost.evil.example")]
    public async Task A_page_of_another_site_is_refused_even_with_the_key(string origin)
    {
        await using var server = await RunningServer.InMemoryAsync();
        foreach (string path in new[] { "/v1/models", "/health" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Origin", origin } } };
            var response = await server.Client.SendAsync(request);
            await response.ErrorAsync(HttpStatusCode.Forbidden, "origin_not_allowed");
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("https://localhost")]
    public async Task The_server_s_own_page_is_answered_without_any_CORS_header(string origin)
    {
        await using var server = await RunningServer.InMemoryAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { "Origin", origin } } };
        var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }
}
