using System.Diagnostics;
using System.Globalization;
using Impetus.Engine.Hub;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Management;

/// <summary>What a server's process keeps of a model that it has unloaded: nothing.</summary>
[Trait("Weights", "real")]
public sealed class FootprintTests : IDisposable
{
    private const int Rounds = 20;
    private const double Tolerance = 0.05;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string Named = $$"""{"model":"{{StarterModels.Chat}}"}""";

    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task After_each_of_twenty_loads_and_unloads_the_process_is_as_large_as_after_the_first()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process takes is measured on Linux alone so far.");
        await using var server = await ServerProcess.ServeAsync(_home, ServerProcess.CompiledOnce);
        await AnswerAsync(server);
        long loaded = await FootprintAsync(server);
        await server.PostAsync("/api/models/unload", Named);
        long first = await FootprintAsync(server);
        Assert.True(loaded > 2 * first, $"{loaded} bytes with the model, {first} without");

        var all = new List<long> { first };
        for (int round = 1; round <= Rounds; round++)
        {
            await server.PostAsync("/api/models/load", Named);
            await AnswerAsync(server);
            await server.PostAsync("/api/models/unload", Named);
            all.Add(await SettledAsync(server, (long)(first * (1 + Tolerance))));
            Assert.True(all[^1] <= first * (1 + Tolerance), $"Megabytes after each unload: {string.Join(' ', all.Select(Megabytes))}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Megabytes(loaded)} MB with the model, then without: {string.Join(' ', all.Select(Megabytes))}");
    }

    private static async Task AnswerAsync(ServerProcess server)
    {
        var answer = await server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{StarterModels.Chat}}","temperature":0,"max_tokens":12,"messages":[{"role":"user","content":"What is the capital of France?"}]}""");
        Assert.Equal("The capital of France is Paris.", answer.GetProperty("choices")[0].GetProperty("message").Text("content"));
    }

    private static async Task<long> FootprintAsync(ServerProcess server) => (await server.MemoryAsync()).GetProperty("used_bytes").GetInt64();

    /// <summary>The footprint once it is within a bound; after some time, whatever it is.</summary>
    private static async Task<long> SettledAsync(ServerProcess server, long bound)
    {
        long start = Stopwatch.GetTimestamp(), bytes;
        do
            bytes = await FootprintAsync(server);
        while (bytes > bound && Stopwatch.GetElapsedTime(start) < Patience);
        return bytes;
    }

    private static string Megabytes(long bytes) => (bytes / (double)(1 << 20)).ToString("0.0", CultureInfo.InvariantCulture);
}
