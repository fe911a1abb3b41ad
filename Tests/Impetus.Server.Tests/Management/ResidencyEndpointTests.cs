using System.Net;
using Impetus.Server.Management;
using Impetus.Server.Tests.OpenAi;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Management;

public sealed class ResidencyEndpointTests
{
    [Fact]
    public async Task A_request_loads_the_model_that_it_names_and_may_send_it_away()
    {
        var models = new ManyModels(("m/a", 1), ("m/b", 1));
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/a" }, models);
        await server.Server.Models.Loaded;
        var gone = server.Log.WaitForAsync(entry => entry.Message == "Model m/b is unloaded");
        var answer = await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body("\"keep_alive\":0").Replace("test-org/fake-model", "m/b", StringComparison.Ordinal));
        Assert.Equal("m/b", (await answer.JsonAsync()).Text("model"));
        await gone;
        Assert.Equal(["m/a"], server.Server.Models.Resident.Select(model => model.Id));
    }

    [Theory]
    [InlineData("chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"temperature\":3", "temperature")]
    [InlineData("chat/completions", "\"messages\":[]", "messages")]
    [InlineData("chat/completions", "\"temperature\":1", "messages")]
    [InlineData("chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":1,\"max_completion_tokens\":2", "max_tokens")]
    [InlineData("chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"top_logprobs\":2", "top_logprobs")]
    [InlineData("completions", "\"prompt\":\"Hi\",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop")]
    [InlineData("completions", "\"prompt\":\"Hi\",\"n\":1,\"best_of\":2", "best_of")]
    [InlineData("embeddings", "\"input\":\"Hi\",\"encoding_format\":\"text\"", "encoding_format")]
    public async Task A_request_with_a_fault_in_a_field_loads_no_model(string route, string fields, string param)
    {
        var models = new ManyModels(("m/a", 1), ("m/b", 1));
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/a" }, models);
        await server.Server.Models.Loaded;
        var refusal = await server.Client.PostJsonAsync($"/v1/{route}", $$"""{"model":"m/b",{{fields}}}""");
        Assert.Equal((HttpStatusCode.BadRequest, param), (refusal.StatusCode, (await refusal.JsonAsync()).GetProperty("error").Text("param")));
        Assert.Equal(["m/a"], models.Loads);
    }

    [Fact]
    public async Task A_model_is_loaded_and_unloaded_by_name()
    {
        var models = new ManyModels(("m/a", 1), ("m/b", 7));
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/a" }, models);
        await server.Server.Models.Loaded;
        var loaded = await (await server.Client.PostJsonAsync("/api/models/load", """{"model":"m/b","pinned":true,"keep_alive":"1m"}""")).JsonAsync();
        Assert.Equal(("m/b", "chat", "ready", 7), (loaded.Text("model"), loaded.Text("kind"), loaded.Text("state"), loaded.GetProperty("resident").GetProperty("memory_bytes").GetInt64()));
        Assert.True(loaded.GetProperty("resident").GetProperty("pinned").GetBoolean());
        Assert.Equal((new KeepAlive(TimeSpan.FromMinutes(1)), true), new ModelDefaults(server.Settings.Data).Of("m/b"));

        var unloaded = await (await server.Client.PostJsonAsync("/api/models/unload", """{"model":"m/b"}""")).JsonAsync();
        Assert.Equal("idle", unloaded.Text("ended"));
        unloaded = await (await server.Client.PostJsonAsync("/api/models/unload", """{"model":"m/b"}""")).JsonAsync();
        Assert.Equal("not_loaded", unloaded.Text("ended"));
        await (await server.Client.PostJsonAsync("/api/models/unload", """{"model":"m/none"}""")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
    }

    [Fact]
    public async Task Clients_of_Impetus_1_name_a_model_as_they_did()
    {
        var models = new ManyModels(("m/a", 1), ("m/b", 7));
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/a" }, models);
        await server.Server.Models.Loaded;
        var loaded = await (await server.Client.PostJsonAsync("/api/models/load", """{"model_id":"m/b"}""")).JsonAsync();
        Assert.Equal("m/b", loaded.Text("model"));
        await (await server.Client.PostJsonAsync("/api/models/unload", """{"model_id":"m/b","model":"m/a"}""")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        await (await server.Client.PostJsonAsync("/api/models/unload", "{}")).ErrorAsync(HttpStatusCode.BadRequest, "missing_required_parameter");
    }

    [Fact]
    public async Task A_switch_cuts_the_other_model_s_requests_and_says_so()
    {
        var models = new ManyModels(("m/a", 1), ("m/b", 1));
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { Model = "m/a" }, models);
        await server.Server.Models.Loaded;
        using var lease = await server.Server.Models.LeaseAsync<IChatModel>("m/a", ModelKind.Chat);
        var switching = server.Client.PostJsonAsync("/api/models/switch", """{"model":"m/b","drain_seconds":0}""");
        while (!models.Loaded["m/a"].Disposed)
            await Task.Yield();
        lease.Dispose();
        var switched = await (await switching).JsonAsync();
        Assert.Equal("m/b", switched.Text("model"));
        var unloaded = switched.GetProperty("unloaded")[0];
        Assert.Equal(("m/a", "cancelled", 1), (unloaded.Text("model"), unloaded.Text("ended"), unloaded.GetProperty("cancelled_requests").GetInt32()));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"5 minutes\"")]
    [InlineData("\"1001h\"")]
    [InlineData("true")]
    public async Task A_time_that_cannot_be_read_is_refused(string keepAlive)
    {
        await using var server = await RunningServer.InMemoryAsync();
        var error = await (await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body($"\"keep_alive\":{keepAlive}"))).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        Assert.Equal("keep_alive", error.Text("param"));
    }
}
