using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Management;

/// <summary>Two models that take turns while clients stream, in a server of its own process: nobody is left without an end, and no memory is lost.</summary>
[Trait("Weights", "real")]
public sealed class SwitchUnderLoadTests : IDisposable
{
    private const int Clients = 8;
    private const string Twin = "tests/twin";

    // IMPETUS_ROUNDS asks for more.
    private static readonly int Switches = int.TryParse(Environment.GetEnvironmentVariable("IMPETUS_ROUNDS"), out int rounds) ? rounds : 10;

    private readonly TemporaryDirectory _home = new();
    private readonly ConcurrentDictionary<string, int> _endings = [];
    private readonly SemaphoreSlim _ended = new(0);
    private volatile string _model = StarterModels.Chat;

    public void Dispose()
    {
        _ended.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Every_request_ends_with_an_answer_or_an_error_and_the_memory_is_what_it_was()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process takes is measured on Linux alone so far.");
        InstallTwin();
        await using var server = await ServerProcess.ServeAsync(_home, ServerProcess.CompiledOnce);
        var (engine, footprint) = await RoundAsync(server, 5);
        var (engineAfter, footprintAfter) = await RoundAsync(server, Switches);

        string told = $"{string.Join(", ", _endings.Select(ending => $"{ending.Key}: {ending.Value}"))}; footprint {footprint}, then {footprintAfter}";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(_endings.GetValueOrDefault("stop") + _endings.GetValueOrDefault("length") > 0, told);
        Assert.Equal(engine, engineAfter);
        Assert.True(footprintAfter <= footprint * 1.05, told);
    }

    /// <summary>A second model, of the same files.</summary>
    private void InstallTwin()
    {
        string folder = Directory.CreateDirectory(_home.Combine("models", Twin)).FullName;
        foreach (string file in Directory.EnumerateFiles(StarterModels.Find(StarterModels.Chat)!))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
    }

    /// <summary>Switches between the two while clients stream; then unloads both, and tells what engine and process hold.</summary>
    private async Task<(long Engine, long Footprint)> RoundAsync(ServerProcess server, int switches)
    {
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(server.Client, stop.Token))).ToList();
        for (int i = 0; i < switches; i++)
        {
            string next = i % 2 == 0 ? Twin : StarterModels.Chat;
            // Most go with time for their requests, to which nobody adds; each of the two is sometimes taken from under them.
            bool drains = i % 5 < 4;
            if (drains)
                _model = next;
            await server.PostAsync("/api/models/switch", $$"""{"model":"{{next}}","drain_seconds":{{(drains ? 30 : 0)}}}""");
            _model = next;
            for (int answers = 0; answers < Clients / 2; answers++)
                await EndedAsync(clients);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        foreach (string model in new[] { Twin, StarterModels.Chat })
            await server.PostAsync("/api/models/unload", $$"""{"model":"{{model}}"}""");
        var memory = await server.MemoryAsync();
        Assert.Equal(0, memory.GetProperty("weights_bytes").GetInt64() + memory.GetProperty("prefix_cache_bytes").GetInt64());
        return (memory.GetProperty("caches_bytes").GetInt64(), memory.GetProperty("used_bytes").GetInt64());
    }

    /// <summary>Waits for the end of a request, or for a client's failure.</summary>
    private async Task EndedAsync(List<Task> clients)
    {
        var ended = _ended.WaitAsync();
        var first = await Task.WhenAny([ended, .. clients]);
        await first;
        Assert.Same(ended, first);
    }

    private async Task AskAsync(HttpClient client, CancellationToken stop)
    {
        for (int question = 0; !stop.IsCancellationRequested; question++)
        {
            string body = $$"""{"model":"{{_model}}","stream":true,"max_tokens":{{8 << (question % 3)}},"messages":[{"role":"user","content":"What is {{question}} plus one?"}]}""";
            using var response = await client.OpenAsync("/v1/chat/completions", body, CancellationToken.None);
            string ending = response.IsSuccessStatusCode ? await EndingAsync(response) : (await response.ErrorAsync(HttpStatusCode.ServiceUnavailable)).Text("code");
            _endings.AddOrUpdate(ending, 1, (_, count) => count + 1);
            _ended.Release();
        }
    }

    /// <summary>How a stream ends: its reason to finish, with <c>[DONE]</c> behind it, or the code of its error, with nothing behind it.</summary>
    private static async Task<string> EndingAsync(HttpResponseMessage response)
    {
        var events = await response.LinesAsync().Where(line => !line.StartsWith(':')).Select(line => line["data: ".Length..]).ToListAsync();
        if (events[^1] != "[DONE]")
            return JsonElement.Parse(events[^1]).GetProperty("error").Text("code");
        return Assert.Single(events[..^1].SelectMany(text => JsonElement.Parse(text).GetProperty("choices").EnumerateArray())
            .Select(choice => choice.GetProperty("finish_reason")), reason => reason.ValueKind != JsonValueKind.Null).GetString()!;
    }
}
