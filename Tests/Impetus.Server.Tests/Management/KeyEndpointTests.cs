using System.Net;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Management;

public sealed class KeyEndpointTests
{
    private const string Path = "/api/keys";

    [Fact]
    public async Task A_key_is_made_shown_once_used_listed_and_revoked()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var made = await server.Client.PostJsonAsync(Path, """{"name":"my laptop"}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        string key = (await made.JsonAsync()).Text("key");
        var named = server.WithKey(server.Anonymous(), key);
        Assert.Equal(HttpStatusCode.OK, (await named.GetAsync("/v1/models")).StatusCode);

        string list = (await (await server.Client.GetAsync(Path)).JsonAsync()).GetProperty("data").GetRawText();
        Assert.Contains("my laptop", list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await server.Client.DeleteAsync($"{Path}/my%20laptop")).StatusCode);
        await (await named.GetAsync("/v1/models")).ErrorAsync(HttpStatusCode.Unauthorized);
        await (await server.Client.DeleteAsync($"{Path}/my%20laptop")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_named_key_does_not_open_the_keys()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var named = server.WithKey(server.Anonymous(), server.Server.Keys.Add("program"));
        await (await named.GetAsync(Path)).ErrorAsync(HttpStatusCode.Forbidden, "owner_only");
        await (await named.PostJsonAsync(Path, """{"name":"more"}""")).ErrorAsync(HttpStatusCode.Forbidden, "owner_only");
        await (await named.DeleteAsync($"{Path}/program")).ErrorAsync(HttpStatusCode.Forbidden, "owner_only");
    }

    [Theory]
    [InlineData("""{}""", "required")]
    [InlineData("""{"name":""}""", "at least one character")]
    [InlineData("""{"name":"a/b"}""", "slashes")]
    [InlineData("""{"name":7}""", "a string")]
    [InlineData("""{"name":"taken"}""", "already")]
    public async Task A_name_that_cannot_be_used_is_refused(string body, string expected)
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Server.Keys.Add("taken");
        var error = await (await server.Client.PostJsonAsync(Path, body)).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("name", error.Text("param"));
        Assert.Contains(expected, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_keys_is_bounded()
    {
        await using var server = await RunningServer.InMemoryAsync();
        for (int i = 0; i < 100; i++)
            server.Server.Keys.Add($"key {i}");
        var error = await (await server.Client.PostJsonAsync(Path, """{"name":"one more"}""")).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Contains("100 keys already", error.Text("message"), StringComparison.Ordinal);
    }
}
