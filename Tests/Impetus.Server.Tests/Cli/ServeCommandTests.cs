using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Impetus.Server.Cli;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Cli;

/// <summary>The command itself, in its own process, with the starter model.</summary>
[Trait("Weights", "real")]
public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task It_tells_where_it_is_answers_and_ends_well_when_asked_to_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGTERM");
        using var process = Start("--port", "0");
        string greeting = await ServerProcess.ReadUntilAsync(process.StandardOutput, "Ctrl-C stops.");
        Assert.Contains(_home.Path, greeting, StringComparison.Ordinal);
        string key = File.ReadAllText(_home.Combine("state", "api-key")).Trim();
        Assert.DoesNotContain(key, greeting, StringComparison.Ordinal);
        Assert.Contains($"$(cat {_home.Combine("state", "api-key")})", greeting, StringComparison.Ordinal);

        using var client = new HttpClient { BaseAddress = new(greeting.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal))) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await ServerProcess.ReadUntilAsync(process.StandardError, "is loaded");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/ready")).StatusCode);
        string body = greeting[(greeting.IndexOf("-d '", StringComparison.Ordinal) + 4)..greeting.LastIndexOf('\'')];
        string brief = body.Replace("\"messages\"", "\"max_tokens\": 5, \"messages\"", StringComparison.Ordinal);
        var answer = await (await client.PostJsonAsync("/v1/chat/completions", brief)).JsonAsync();
        Assert.NotEmpty(answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);

        using var kill = Process.Start("kill", $"-TERM {process.Id}");
        await process.WaitForExitAsync();
        Assert.Equal(ExitCode.Ok, process.ExitCode);
        string output = greeting + await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        Assert.DoesNotContain(key, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_has_an_exit_code_of_its_own()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var (code, error) = await RunAsync("serve", "--port", port);
        Assert.Equal(ExitCode.PortTaken, code);
        Assert.Contains($"Port {port} is taken", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "--port is 'x'", "--port", "x")]
    [InlineData(ExitCode.Usage, "--bogus", "--bogus")]
    [InlineData(ExitCode.ModelFailed, "no model 'nobody/nothing'", "serve", "--model", "nobody/nothing")]
    public async Task What_is_wrong_is_told_and_has_an_exit_code(int expected, string message, params string[] arguments)
    {
        var (code, error) = await RunAsync(arguments);
        Assert.Equal(expected, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_damaged_ends_the_command_with_its_fault()
    {
        string folder = _home.Combine("damaged");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type":"no_such_architecture"}""");
        var (code, error) = await RunAsync("--port", "0", "--model", folder);
        Assert.Equal(ExitCode.ModelFailed, code);
        Assert.Contains(folder, error.Split("impetus: ").Last(), StringComparison.Ordinal);
    }

    private async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    private Process Start(params string[] arguments) => ServerProcess.Start(_home, arguments);
}
