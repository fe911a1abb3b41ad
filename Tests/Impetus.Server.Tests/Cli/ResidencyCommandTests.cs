using System.Text.Json;
using Impetus.Server.Cli;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus models load`, `unload` and `switch`, and `impetus status`, beside a server that listens on a real socket.</summary>
public sealed class ResidencyCommandTests : IAsyncLifetime
{
    private const long Free = 1_000_000_000;

    private readonly ManyModels _models = new(("m/a", 1_000_000), ("m/b", 7_000_000), ("m/large", 9 * Free));
    private RunningServer _running = null!;

    public async ValueTask InitializeAsync()
    {
        _running = await RunningServer.OnSocketsAsync(
            settings => settings with { Model = "m/a", MemoryBytes = Free }, _models, services: services => services.AddSingleton<IMemoryProbe>(_models));
        await _running.Server.Models.Loaded;
    }

    public ValueTask DisposeAsync() => _running.DisposeAsync();

    [Fact]
    public async Task A_model_is_loaded_for_a_time_and_unloaded_by_name()
    {
        Assert.Equal((ExitCode.Ok, "m/b is in memory: 7 MB of weights, on fake.\n"), await OutcomeAsync("models", "load", "m/b", "--for", "10m", "--pin"));
        Assert.Equal((new KeepAlive(TimeSpan.FromMinutes(10)), true), new ModelDefaults(_running.Settings.Data).Of("m/b"));
        Assert.Equal((ExitCode.Ok, "m/b is unloaded.\n"), await OutcomeAsync("models", "unload", "m/b"));
        Assert.Equal((ExitCode.Ok, "m/b was not in memory.\n"), await OutcomeAsync("models", "unload", "m/b"));
    }

    [Fact]
    public async Task A_switch_names_what_made_way() =>
        Assert.Equal((ExitCode.Ok, "m/a is unloaded.\nm/b is in memory.\n"), await OutcomeAsync("models", "switch", "m/b"));

    [Fact]
    public async Task What_is_written_for_scripts_is_the_server_s_answer()
    {
        Assert.Equal("m/b", Json(await RunAsync("models", "load", "m/b", "--json")).GetProperty("model").GetString());
        Assert.Equal("idle", Json(await RunAsync("models", "unload", "m/b", "--json")).GetProperty("ended").GetString());
        Assert.Equal("m/a", Json(await RunAsync("models", "switch", "m/b", "--json")).GetProperty("unloaded")[0].GetProperty("model").GetString());
        Assert.Equal("m/b", Json(await RunAsync("status", "--json")).GetProperty("models")[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("load")]
    [InlineData("unload")]
    [InlineData("switch")]
    public async Task A_model_that_is_not_here_is_named(string verb)
    {
        var run = await RunAsync("models", verb, "no/body");
        Assert.Equal((ExitCode.Fault, ""), (run.ExitCode, run.Output));
        Assert.Contains("no/body", run.Error, StringComparison.Ordinal);
        Assert.Equal(["m/a"], _running.Server.Models.Resident.Select(model => model.Id));
    }

    [Theory]
    [InlineData("load")]
    [InlineData("switch")]
    public async Task A_model_that_does_not_fit_is_refused_with_what_it_needs_and_the_one_in_memory_stays(string verb)
    {
        var run = await RunAsync("models", verb, "m/large");
        Assert.Equal((ExitCode.Fault, ""), (run.ExitCode, run.Output));
        Assert.Contains("9.0 GB", run.Error, StringComparison.Ordinal);
        Assert.Equal("ready", Json(await RunAsync("status", "--json")).GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("id").GetString() == "m/a").GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_status_tells_memory_requests_and_models()
    {
        string shown = (await RunAsync("status")).Output;
        foreach (string part in (string[])["Memory: ", "Requests: 0 active, 0 waiting", "m/a", "ready"])
            Assert.Contains(part, shown, StringComparison.Ordinal);
    }

    private static JsonElement Json(CommandRun run) => JsonElement.Parse(run.Output);

    private async Task<(int ExitCode, string Output)> OutcomeAsync(params string[] words)
    {
        var run = await RunAsync(words);
        return (run.ExitCode, run.Output);
    }

    private Task<CommandRun> RunAsync(params string[] words) =>
        CommandRun.Of([], [.. words, "--home", _running.Home.Path, "--port", $"{_running.Server.Address.Port}"]);
}
