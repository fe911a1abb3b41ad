using Impetus.Server.Cli;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Cli;

public sealed class GreetingTests
{
    [Fact]
    public async Task A_new_key_is_shown_on_a_terminal_once_and_never_elsewhere()
    {
        const string FromEnvironment = "a-key-from-the-environment";
        await using var server = await RunningServer.OnSocketsAsync(s => s with { ApiKey = FromEnvironment });
        async Task<string> Greet(bool showKey)
        {
            using var output = new StringWriter();
            await Greeting.WriteAsync(output, server.Server, server.Settings, "org/name", showKey);
            return output.ToString();
        }

        Assert.Contains(server.Server.Keys.First, await Greet(showKey: true), StringComparison.Ordinal);
        string redirected = await Greet(showKey: false);
        Assert.DoesNotContain(server.Server.Keys.First, redirected, StringComparison.Ordinal);
        Assert.DoesNotContain(FromEnvironment, await Greet(showKey: true), StringComparison.Ordinal);
        Assert.Contains(server.Server.Address.ToString().TrimEnd('/'), redirected, StringComparison.Ordinal);
        Assert.Contains("\"model\": \"org/name\"", redirected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/ada/.local/share/impetus/state/api-key", "/home/ada/.local/share/impetus/state/api-key")]
    [InlineData("/Users/ada/Library/Application Support/Impetus/state/api-key", "'/Users/ada/Library/Application Support/Impetus/state/api-key'")]
    [InlineData("/it's here", "'/it'\\''s here'")]
    public void A_path_is_quoted_for_the_shell(string path, string expected) => Assert.Equal(expected, Greeting.Quote(path));
}
