using Impetus.Server.Cli;
using Impetus.Server.Security;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Cli;

/// <summary>The commands that are clients, beside a server that listens on a real socket.</summary>
public sealed class ClientCommandTests : IAsyncLifetime
{
    private RunningServer _running = null!;

    public async ValueTask InitializeAsync() => _running = await RunningServer.OnSocketsAsync();

    public ValueTask DisposeAsync() => _running.DisposeAsync();

    [Fact]
    public async Task A_key_is_made_listed_and_revoked()
    {
        string key = (await RunAsync("keys", "add", "lap top")).Output.Trim();
        Assert.Equal(KeyKind.Named, _running.Server.Keys.Recognize(key));
        Assert.Contains("lap top", (await RunAsync("keys", "list")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, (await RunAsync("keys", "list", "--json")).Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Ok, (await RunAsync("keys", "revoke", "lap top")).ExitCode);

        Assert.Equal(KeyKind.None, _running.Server.Keys.Recognize(key));
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_in_its_own_words()
    {
        var run = await RunAsync("keys", "revoke", "nobody");

        Assert.Equal((ExitCode.Fault, ""), (run.ExitCode, run.Output));
        Assert.Contains("There is no key named 'nobody'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_piped_line_is_a_turn_whose_answer_is_streamed()
    {
        var run = await CommandRun.Of(["Hello", "", "/clear", "Again", "/exit", "Never"], Words("chat", "--model", _running.Model.Id));

        Assert.Equal("", run.Error);
        Assert.Equal(2, _running.Model.Fake.Requests.Count);
        Assert.Equal("Hello there\nHello there\n", run.Output);
    }

    [Fact]
    public async Task A_port_of_something_else_is_not_taken_for_the_server()
    {
        using var other = new TemporaryDirectory();

        var run = await CommandRun.Of([], "models", "--home", other.Path, "--port", $"{_running.Server.Address.Port}");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("another data directory", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> RunAsync(params string[] words) => CommandRun.Of([], Words(words));

    private string[] Words(params string[] words) => [.. words, "--home", _running.Home.Path, "--port", $"{_running.Server.Address.Port}"];
}
