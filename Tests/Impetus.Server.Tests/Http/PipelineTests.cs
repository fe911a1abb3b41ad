using System.Net;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.Http;

public sealed class PipelineTests
{
    [Fact]
    public async Task Every_response_carries_its_own_request_id()
    {
        await using var server = await RunningServer.InMemoryAsync();
        string Id(HttpResponseMessage response) => response.Headers.GetValues("x-request-id").Single();
        var ids = new[]
        {
            Id(await server.Client.GetAsync("/health")),
            Id(await server.Client.GetAsync("/v1/models")),
            Id(await server.Client.GetAsync("/nothing")),
            Id(await server.Anonymous().GetAsync("/v1/models")),
        };
        Assert.All(ids, id => Assert.Matches("^req_[0-9a-f]{24}$", id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_unknown_route_is_a_404_in_the_envelope()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var error = await (await server.Client.GetAsync("/v1/nothing")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Contains("GET /v1/nothing", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_with_those_that_are_allowed()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var response = await server.Client.DeleteAsync("/v1/models");
        var error = await response.ErrorAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Contains("GET", error.Text("message"), StringComparison.Ordinal);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task One_line_tells_of_each_request_and_no_key_is_in_the_log()
    {
        await using var server = await RunningServer.OnSocketsAsync(s => s with { LogLevel = LogLevel.Trace });
        var response = await server.Client.GetAsync($"/v1/models?key={server.Server.Keys.First}");
        await server.WithKey(server.Anonymous(), "sk-wrong-but-secret").GetAsync("/v1/models");
        await server.Server.StopAsync();

        var lines = server.Log.Entries.Where(e => e.Category == "Impetus.Requests").ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), lines[0].Values["RequestId"]);
        Assert.Equal(200, lines[0].Values["Status"]);
        Assert.Equal("ok", lines[0].Values["Outcome"]);
        Assert.Equal("invalid_api_key", lines[1].Values["Outcome"]);
        string everything = server.Log.Text + string.Concat(Directory.GetFiles(server.Home.Combine("logs")).Select(File.ReadAllText));
        Assert.Contains("/v1/models", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Server.Keys.First, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-wrong-but-secret", everything, StringComparison.Ordinal);
    }
}
