using System.Net;
using System.Text;
using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.OpenAi;

public sealed class ModelTests
{
    [Fact]
    public async Task The_loaded_model_is_listed()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var list = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        Assert.Equal("list", list.Text("object"));
        var model = list.GetProperty("data")[0];
        Assert.Equal("test-org/fake-model", model.Text("id"));
        Assert.Equal("model", model.Text("object"));
        Assert.Equal("test-org", model.Text("owned_by"));
        Assert.Equal(1_700_000_000, model.GetProperty("created").GetInt64());
    }

    [Fact]
    public async Task The_starter_embedding_model_is_listed_and_described()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var list = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        Assert.Contains(StarterModels.Embedding, list.GetProperty("data").EnumerateArray().Select(m => m.Text("id")));
        var model = await (await server.Client.GetAsync($"/v1/models/{StarterModels.Embedding}")).JsonAsync();
        Assert.Equal("bert", model.Text("architecture"));
        Assert.Equal(["embedding"], model.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!));
        Assert.True(model.GetProperty("size_bytes").GetInt64() > 10_000_000);
    }

    [Fact]
    public async Task Once_a_model_is_loaded_its_engine_and_device_are_told()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var before = await (await server.Client.GetAsync($"/v1/models/{StarterModels.Embedding}")).JsonAsync();
        Assert.Equal(JsonValueKind.Null, before.GetProperty("backend").ValueKind);

        using var body = new StringContent($$"""{"model": "{{StarterModels.Embedding}}", "input": "a text"}""", Encoding.UTF8, "application/json");
        (await server.Client.PostAsync("/v1/embeddings", body)).EnsureSuccessStatusCode();
        var after = await (await server.Client.GetAsync($"/v1/models/{StarterModels.Embedding}")).JsonAsync();
        string? backend = after.Text("backend");
        Assert.Contains(backend, new[] { "cpu", "mlx" });
        Assert.Equal(backend == "mlx" ? "gpu" : "cpu", after.Text("device"));
    }

    [Fact]
    public async Task A_damaged_folder_hides_no_other_model()
    {
        await using var server = await RunningServer.InMemoryAsync();
        string folder = Directory.CreateDirectory(server.Home.Combine("models", "org", "damaged")).FullName;
        File.WriteAllText(Path.Combine(folder, "modules.json"), "[]");
        File.WriteAllText(Path.Combine(folder, "config.json"), "{ not json");
        var list = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        Assert.Equal("test-org/fake-model", list.GetProperty("data")[0].Text("id"));
    }

    [Theory]
    [InlineData("/v1/models/test-org/fake-model")]
    [InlineData("/v1/models/test-org%2Ffake-model")]
    [InlineData("/v1/models/test-org%2ffake-model")]
    public async Task A_model_is_described_with_its_slash_plain_or_encoded(string path)
    {
        await using var server = await RunningServer.OnSocketsAsync();
        var model = await (await server.Client.GetAsync(path)).JsonAsync();
        Assert.Equal("test-org/fake-model", model.Text("id"));
        Assert.Equal(256, model.GetProperty("context_length").GetInt32());
        Assert.Equal("llama", model.Text("architecture"));
        Assert.Equal("4-bit affine, groups of 32", model.Text("quantization"));
        Assert.Equal(123_456_789, model.GetProperty("size_bytes").GetInt64());
        Assert.Equal(["chat", "completion"], model.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!));
    }

    [Theory]
    [InlineData("/v1/models/nobody/nothing")]
    [InlineData("/v1/models/fake-model")]
    [InlineData("/v1/models/TEST-ORG/fake-model")]
    public async Task A_model_that_is_not_there_is_a_404_with_those_that_are(string path)
    {
        await using var server = await RunningServer.InMemoryAsync();
        var error = await (await server.Client.GetAsync(path)).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
        Assert.Equal("model", error.Text("param"));
        Assert.Contains("test-org/fake-model", error.Text("message"), StringComparison.Ordinal);
    }
}
