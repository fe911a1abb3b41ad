using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.Server.Management;
using Impetus.Server.Observability;
using Impetus.Server.Tests.OpenAi;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Observability;

public sealed class StatusTests
{
    [Fact]
    public async Task The_status_tells_memory_by_owner_queue_speed_and_models()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var status = await (await server.Client.GetAsync("/api/status")).JsonAsync();
        Assert.Equal(("ready", ImpetusServer.Version), (status.Text("status"), status.Text("version")));
        Assert.True(status.GetProperty("uptime_seconds").GetDouble() >= 0);
        var memory = status.GetProperty("memory");
        long used = memory.GetProperty("used_bytes").GetInt64();
        Assert.True(used > 0 && memory.GetProperty("limit_bytes").GetInt64() > 0);
        Assert.InRange(Owners.Sum(owner => memory.GetProperty(owner).GetInt64()), used * 9 / 10, used * 11 / 10);
        Assert.Equal(0, status.GetProperty("queue").GetProperty("active_requests").GetInt32());
        var model = Assert.Single(status.GetProperty("models").EnumerateArray());
        Assert.Equal(("test-org/fake-model", "chat", "ready"), (model.Text("id"), model.Text("kind"), model.Text("state")));
    }

    [Fact]
    public async Task A_model_that_is_named_is_told_with_its_weights_and_its_way_into_memory_is_in_the_feed()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var feed = server.Server.Services.GetRequiredService<EventFeed>();
        string before = feed.LastId;
        await server.Client.PostJsonAsync("/v1/embeddings", $$"""{"model": "{{StarterModels.Embedding}}", "input": "a text"}""");
        var status = await (await server.Client.GetAsync("/api/status")).JsonAsync();
        var model = Assert.Single(status.GetProperty("models").EnumerateArray(), m => m.Text("id") == StarterModels.Embedding);
        Assert.Equal(("embedding", "ready", "cpu"), (model.Text("kind"), model.Text("state"), model.Text("backend")));
        Assert.True(model.GetProperty("memory_bytes").GetInt64() > 10_000_000);
        Assert.True(status.GetProperty("memory").GetProperty("weights_bytes").GetInt64() >= model.GetProperty("memory_bytes").GetInt64());

        var states = new List<string>();
        await foreach (var happened in feed.FollowAsync(before, TimeSpan.FromHours(1)))
        {
            if (happened.Model?.Id == StarterModels.Embedding)
                states.Add(happened.Model.State);
            if (happened.Memory is not null && states.Contains("ready"))
                break;
        }

        Assert.Equal("loading", states[0]);
        Assert.Equal("ready", states[^1]);
    }

    [Fact]
    public async Task A_model_that_needs_too_much_memory_is_held_back_and_both_numbers_are_told()
    {
        var models = new ManyModels(("m/huge", 9_000_000_000));
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/huge", MemoryBytes = 2_000_000_000 }, models);
        await Assert.ThrowsAsync<ModelLoadException>(() => server.Server.Models.Loaded);
        var held = Assert.Single((await (await server.Client.GetAsync("/api/status")).JsonAsync()).GetProperty("held_back").EnumerateArray());
        Assert.Equal(("m/huge", "out_of_memory"), (held.Text("id"), held.Text("reason")));
        Assert.Contains("needs 9.0 GB", held.Text("message"), StringComparison.Ordinal);
        Assert.Contains("of the 2.0 GB", held.Text("message"), StringComparison.Ordinal);
        var ready = await (await server.Anonymous().GetAsync("/ready")).JsonAsync();
        Assert.Equal(("failed", held.Text("message")), (ready.Text("status"), ready.Text("message")));
    }

    [Fact]
    public async Task A_model_that_a_crash_left_is_held_back_until_it_is_loaded()
    {
        var models = new ManyModels(("m/a", 400));
        await using var server = await RunningServer.InMemoryAsync(settings =>
        {
            var mark = new CrashMark(new("m/a", CrashPhase.Loading, DateTimeOffset.UnixEpoch), ProcessId: int.MaxValue, ProcessStarted: 0);
            string folder = Directory.CreateDirectory(Path.Combine(settings.Data.State, "models-at-work")).FullName;
            File.WriteAllText(Path.Combine(folder, "a.json"), JsonSerializer.Serialize(mark));
            return settings with { Model = "m/a" };
        }, models);
        await Assert.ThrowsAsync<ModelLoadException>(() => server.Server.Models.Loaded);
        var held = Assert.Single((await (await server.Client.GetAsync("/api/status")).JsonAsync()).GetProperty("held_back").EnumerateArray());
        Assert.Equal(("m/a", "crashed"), (held.Text("id"), held.Text("reason")));
        Assert.Contains("1970-01-01", held.Text("message"), StringComparison.Ordinal);
        await server.Server.Models.LoadAsync("m/a");
        Assert.Empty((await (await server.Client.GetAsync("/api/status")).JsonAsync()).GetProperty("held_back").EnumerateArray());
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_held_back_under_the_name_that_the_settings_give_it()
    {
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/none" }, new ManyModels());
        await Assert.ThrowsAsync<ModelLoadException>(() => server.Server.Models.Loaded);
        var held = Assert.Single((await (await server.Client.GetAsync("/api/status")).JsonAsync()).GetProperty("held_back").EnumerateArray());
        Assert.Equal(("m/none", "model_load_failed"), (held.Text("id"), held.Text("reason")));
    }

    private static readonly string[] Owners = ["weights_bytes", "prefix_cache_bytes", "caches_bytes", "other_bytes"];
}
