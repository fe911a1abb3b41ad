using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Impetus.Engine.Generation;
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

    [Theory]
    [InlineData(null, "", 0.7f, 0.9f)]
    [InlineData("""{"eos_token_id": 2}""", "", 0.7f, 0.9f)]
    [InlineData("""{"temperature": 0.6}""", "", 1f, 1f)]
    [InlineData("""{"temperature": 0.6}""", "--temperature 0.2 --top-p 0.5", 0.2f, 0.5f)]
    [InlineData(null, "--temperature 0", 0f, 0.9f)]
    public async Task A_chat_is_calmer_than_the_API_unless_its_options_or_the_model_s_makers_say_otherwise(
        string? generationConfig, string options, float temperature, float topP)
    {
        string folder = Directory.CreateDirectory(_running.Home.Combine("models", _running.Model.Id)).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        if (generationConfig is not null)
            File.WriteAllText(Path.Combine(folder, "generation_config.json"), generationConfig);
        var run = await CommandRun.Of(["Hello"], Words(["chat", "--model", _running.Model.Id, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal("", run.Error);
        // What is not sent, the server fills in: with the recommendation, of which the fake has none.
        Assert.Equal((temperature, topP), (_running.Model.Fake.Requests.Single().Sampling.Temperature, _running.Model.Fake.Requests.Single().Sampling.TopP));
    }

    [Theory]
    [InlineData("--temperature", "2.5")]
    [InlineData("--temperature", "warm")]
    [InlineData("--top-p", "-0.1")]
    public async Task A_number_that_makes_no_sense_is_named_with_its_range(string option, string value)
    {
        var run = await CommandRun.Of([], Words("chat", option, value));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(_running.Model.Fake.Requests);
    }

    [Fact]
    public async Task Ctrl_C_stops_the_answer_and_not_the_program()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGINT");
        Assert.SkipWhen(IgnoresInterrupts(), "These tests run in the background of a shell that lets its jobs ignore SIGINT, and so would the program.");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        _running.Model.Fake.Script = (request, cancel) => _running.Model.Fake.Requests.Count == 1 ? Endless(cancel) : _running.Model.Fake.Answer(request, cancel);
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Impetus.Server.dll"), .. Words("chat", "--model", _running.Model.Id)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteLineAsync("One?");
        await process.StandardInput.FlushAsync();
        Assert.Equal("Well", await ReadAsync("Well".Length));

        using (var interrupt = Process.Start("kill", $"-INT {process.Id}"))
            Assert.Equal(" [stopped]\n", await ReadAsync(" [stopped]\n".Length));
        await process.StandardInput.WriteLineAsync("Two?");
        process.StandardInput.Close();

        Assert.Equal("Hello there\n", await process.StandardOutput.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal(ExitCode.Ok, process.ExitCode);
        Assert.Equal("<user>One?<assistant>Well<user>Two?<assistant>", Encoding.UTF8.GetString([.. _running.Model.Fake.Requests.Last().Prompt.Where(id => id < 256).Select(id => (byte)id)]));

        async Task<string> ReadAsync(int length)
        {
            char[] text = new char[length];
            int read = await process.StandardOutput.ReadBlockAsync(text, deadline.Token);
            return new string(text, 0, read);
        }
    }

    [Fact]
    public async Task A_port_of_something_else_is_not_taken_for_the_server()
    {
        using var other = new TemporaryDirectory();

        var run = await CommandRun.Of([], "models", "--home", other.Path, "--port", $"{_running.Server.Address.Port}");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("another data directory", run.Error, StringComparison.Ordinal);
    }

    private static bool IgnoresInterrupts() => OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var ignored
        && (Convert.ToUInt64(ignored[7..].Trim(), 16) & (1 << 1)) != 0;

    private static async IAsyncEnumerable<GenerationEvent> Endless([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new TextDelta(0, "Well", [1], []);
        await Task.Delay(Timeout.Infinite, cancel);
    }

    private Task<CommandRun> RunAsync(params string[] words) => CommandRun.Of([], Words(words));

    private string[] Words(params string[] words) => [.. words, "--home", _running.Home.Path, "--port", $"{_running.Server.Address.Port}"];
}
