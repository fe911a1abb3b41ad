using System.Net;
using System.Runtime.Versioning;
using Impetus.Server.Hosting;
using Impetus.Server.Security;
using Impetus.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Security;

public sealed class KeyTests
{
    [Fact]
    public async Task Every_route_but_liveness_and_readiness_needs_a_key()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var open = new List<string>();
        foreach (var route in server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string path = route.RoutePattern.RawText!.Replace("{**id}", "x", StringComparison.Ordinal).Replace("{name}", "x", StringComparison.Ordinal);
            string method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            using var request = new HttpRequestMessage(new(method), path);
            var response = await server.Anonymous().SendAsync(request);
            if (response.StatusCode == HttpStatusCode.OK)
                open.Add(path);
            else
                await response.ErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        }

        Assert.Equal(["/health", "/ready"], open.Order());
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic dXNlcjpwYXNz")]
    [InlineData("x-api-key", "wrong")]
    [InlineData("x-api-key", "")]
    public async Task A_wrong_key_is_refused_and_told_how_to_send_one(string header, string value)
    {
        await using var server = await RunningServer.InMemoryAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation(header, value);
        var response = await server.Anonymous().SendAsync(request);
        var error = await response.ErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        Assert.Contains("Authorization: Bearer", error.Text("message"), StringComparison.Ordinal);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Routes_and_methods_that_do_not_exist_are_not_told_apart_without_a_key()
    {
        await using var server = await RunningServer.InMemoryAsync();
        await (await server.Anonymous().GetAsync("/nothing")).ErrorAsync(HttpStatusCode.Unauthorized);
        await (await server.Anonymous().DeleteAsync("/v1/models")).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_key_of_the_file_the_environment_and_a_name_all_open_the_server()
    {
        const string FromEnvironment = "a-key-from-the-environment";
        await using var server = await RunningServer.InMemoryAsync(s => s with { ApiKey = FromEnvironment });
        string named = server.Server.Keys.Add("laptop");
        string file = File.ReadAllText(server.Home.Combine("state", "api-key")).Trim();
        foreach (string key in new[] { file, FromEnvironment, named })
            Assert.Equal(HttpStatusCode.OK, (await server.WithKey(server.Anonymous(), key).GetAsync("/v1/models")).StatusCode);

        using var anthropic = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { "x-api-key", file } } };
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous().SendAsync(anthropic)).StatusCode);
    }

    [Fact]
    public async Task A_short_key_from_the_environment_works_and_is_warned_of_without_being_shown()
    {
        await using var server = await RunningServer.InMemoryAsync(s => s with { ApiKey = "s3cr3t" });
        Assert.Equal(HttpStatusCode.OK, (await server.WithKey(server.Anonymous(), "s3cr3t").GetAsync("/v1/models")).StatusCode);
        Assert.Contains("short enough to be guessed", server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_useless_at_once()
    {
        await using var server = await RunningServer.InMemoryAsync();
        string key = server.Server.Keys.Add("laptop");
        Assert.True(server.Server.Keys.Revoke("laptop"));
        Assert.False(server.Server.Keys.Revoke("laptop"));
        await (await server.WithKey(server.Anonymous(), key).GetAsync("/v1/models")).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void Named_keys_are_found_again_and_kept_as_hashes()
    {
        using var home = new TemporaryDirectory();
        var data = DataDirectory.Locate(home.Path, _ => null);
        string key = ApiKeys.Open(data).Add("laptop");
        var again = ApiKeys.Open(data);
        Assert.Equal(KeyKind.Named, again.Recognize(key));
        Assert.Equal("laptop", Assert.Single(again.List()).Name);
        Assert.DoesNotContain(key, File.ReadAllText(home.Combine("state", "keys.json")), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => again.Add("laptop"));
    }

    [Fact]
    public void The_first_key_is_made_once()
    {
        using var home = new TemporaryDirectory();
        var data = DataDirectory.Locate(home.Path, _ => null);
        var first = ApiKeys.Open(data);
        var second = ApiKeys.Open(data);
        Assert.True(first.IsNew);
        Assert.False(second.IsNew);
        Assert.Equal(first.First, second.First);
        Assert.True(first.First.Length >= 32);
    }

    [Fact]
    public void Many_that_start_at_once_agree_on_the_first_key()
    {
        using var home = new TemporaryDirectory();
        var data = DataDirectory.Locate(home.Path, _ => null);
        var keys = new string[8];
        Parallel.For(0, keys.Length, i => keys[i] = ApiKeys.Open(data).First);
        Assert.Single(keys.Distinct());
        Assert.Single(Directory.GetFiles(home.Combine("state")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Key_files_are_their_owner_s_alone_even_if_they_were_left_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        using var home = new TemporaryDirectory();
        var data = DataDirectory.Locate(home.Path, _ => null);
        ApiKeys.Open(data).Add("laptop");
        string[] files = [home.Combine("state", "api-key"), home.Combine("state", "keys.json")];
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));

        foreach (string file in files)
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead);
        ApiKeys.Open(data);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("api-key", "not a key")]
    [InlineData("api-key", "")]
    [InlineData("keys.json", "{\"version\":1,\"keys\":")]
    [InlineData("keys.json", "{\"version\":1,\"keys\":[{\"name\":\"a\",\"sha256\":\"xyz\",\"created\":\"2026-01-01T00:00:00Z\"}]}")]
    public void A_damaged_key_file_is_named_and_no_key_is_shown(string name, string content)
    {
        using var home = new TemporaryDirectory();
        var data = DataDirectory.Locate(home.Path, _ => null);
        ApiKeys.Open(data);
        File.WriteAllText(home.Combine("state", name), content);
        var fault = Assert.Throws<SettingsException>(() => ApiKeys.Open(data));
        Assert.Contains(home.Combine("state", name), fault.Message, StringComparison.Ordinal);
    }
}
