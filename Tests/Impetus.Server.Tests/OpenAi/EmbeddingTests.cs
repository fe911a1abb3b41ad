using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Impetus.Server.Hosting;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Embeddings;

namespace Impetus.Server.Tests.OpenAi;

/// <summary>The embeddings route on the starter model with its real weights.</summary>
[Trait("Weights", "real")]
public sealed class EmbeddingTests : IAsyncLifetime
{
    private const string Model = "sentence-transformers/all-MiniLM-L6-v2";
    private static readonly string TooLong = string.Join(' ', Enumerable.Repeat("harbour", 300));

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.InMemoryAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_text_gives_the_references_vector_and_counts_real_tokens()
    {
        var text = File.ReadLines(Fixture.Path("encoders", "minilm", "texts.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .First(text => text.Text("kind") == "sentence");
        var answer = await EmbedAsync($$"""{"model": "{{Model}}", "input": {{text.GetProperty("text").GetRawText()}}}""");
        Assert.Equal("list", answer.Text("object"));
        Assert.Equal(Model, answer.Text("model"));
        var embedding = Assert.Single(answer.GetProperty("data").EnumerateArray());
        Assert.Equal("embedding", embedding.Text("object"));
        Assert.Equal(0, embedding.GetProperty("index").GetInt32());
        float[] vector = Vector(embedding);
        Assert.Equal(384, vector.Length);
        Assert.Equal(1, vector.Sum(x => x * x), 1e-5f);
        Assert.Equal(text.GetProperty("tokens").GetInt32(), answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(text.GetProperty("tokens").GetInt32(), answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.False(answer.TryGetProperty("truncated", out _));
    }

    [Fact]
    public async Task What_a_stopping_server_cuts_off_is_told_to_come_again()
    {
        await using var server = await RunningServer.OnSocketsAsync(settings => settings with { ShutdownTimeout = TimeSpan.Zero });
        string text = JsonSerializer.Serialize(string.Join(' ', Enumerable.Repeat("harbour", 200)));
        var running = server.Client.PostJsonAsync("/v1/embeddings", $$"""{"model": "{{Model}}", "input": [{{string.Join(',', Enumerable.Repeat(text, 2048))}}]}""");
        var active = server.Server.Services.GetRequiredService<ActiveRequests>();
        while (active.Count == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);

        Assert.False(await server.Server.StopAsync());

        var cut = await running;
        await cut.ErrorAsync(HttpStatusCode.ServiceUnavailable, "shutting_down");
        Assert.Equal("10", cut.Headers.RetryAfter?.ToString());
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_list_keeps_its_order()
    {
        var list = await EmbedAsync($$"""{"model": "{{Model}}", "input": ["roof", "harbour", "roof"]}""");
        var single = await EmbedAsync($$"""{"model": "{{Model}}", "input": "harbour"}""");
        var data = list.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2], data.Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal(Vector(data[0]), Vector(data[2]));
        Assert.Equal(Vector(single.GetProperty("data")[0]), Vector(data[1]));
    }

    [Fact]
    public async Task Base64_holds_the_same_numbers_as_little_endian_floats()
    {
        var numbers = await EmbedAsync($$"""{"model": "{{Model}}", "input": "roof", "encoding_format": "float"}""");
        var packed = await EmbedAsync($$"""{"model": "{{Model}}", "input": "roof", "encoding_format": "base64"}""");
        byte[] bytes = packed.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(Vector(numbers.GetProperty("data")[0]), MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Token_ids_alone_and_in_lists_give_the_vector_of_their_text()
    {
        var text = await EmbedAsync($$"""{"model": "{{Model}}", "input": "roof"}""");
        var ids = await EmbedAsync($$"""{"model": "{{Model}}", "input": [101, 4412, 102]}""");
        var lists = await EmbedAsync($$"""{"model": "{{Model}}", "input": [[101, 4412, 102], [101, 102]]}""");
        Assert.Equal(Vector(text.GetProperty("data")[0]), Vector(ids.GetProperty("data")[0]));
        Assert.Equal(Vector(text.GetProperty("data")[0]), Vector(lists.GetProperty("data")[0]));
        Assert.Equal(2, lists.GetProperty("data").GetArrayLength());
        Assert.Equal(5, lists.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Fewer_dimensions_have_unit_length()
    {
        var answer = await EmbedAsync($$"""{"model": "{{Model}}", "input": "roof", "dimensions": 64, "user": "me"}""");
        float[] vector = Vector(answer.GetProperty("data")[0]);
        Assert.Equal(64, vector.Length);
        Assert.Equal(1, vector.Sum(x => x * x), 1e-5f);
    }

    [Theory]
    [InlineData("""[]""", "input", "empty_input", "")]
    [InlineData("\"\"", "input", "empty_input", "")]
    [InlineData("""["a", ""]""", "input[1]", "empty_input", "input[1]")]
    [InlineData("""[[101], []]""", "input[1]", "empty_input", "input[1]")]
    [InlineData("""["a", 3]""", "input[1]", "invalid_value", "input[1]")]
    [InlineData("""[[101, 30522]]""", "input[0]", "invalid_value", "30522")]
    [InlineData("""[101, -1]""", "input[1]", "invalid_value", "-1")]
    [InlineData("""{"text": "a"}""", "input", "invalid_value", "")]
    public async Task An_input_that_cannot_be_embedded_is_named(string input, string param, string code, string told)
    {
        var error = await RefusedAsync($$"""{"model": "{{Model}}", "input": {{input}}}""", code);
        Assert.Equal(param, error.Text("param"));
        Assert.Contains(told, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_inputs_are_refused_with_both_numbers()
    {
        string input = JsonSerializer.Serialize(Enumerable.Repeat("a", 2049));
        var error = await RefusedAsync($$"""{"model": "{{Model}}", "input": {{input}}}""", "invalid_value");
        Assert.Contains("2049", error.Text("message"), StringComparison.Ordinal);
        Assert.Contains("2048", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_with_index_and_both_numbers_or_cut_and_reported()
    {
        var error = await RefusedAsync($$"""{"model": "{{Model}}", "input": ["a", "{{TooLong}}"]}""", "context_length_exceeded");
        Assert.Equal("input[1]", error.Text("param"));
        Assert.Contains("302", error.Text("message"), StringComparison.Ordinal);
        Assert.Contains("256", error.Text("message"), StringComparison.Ordinal);

        var answer = await EmbedAsync($$"""{"model": "{{Model}}", "input": ["a", "{{TooLong}}"], "truncate": true}""");
        Assert.Equal([1], answer.GetProperty("truncated").EnumerateArray().Select(index => index.GetInt32()));
        Assert.Equal(3 + 256, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"dimensions\": 385", "dimensions", "384")]
    [InlineData("\"dimensions\": 0", "dimensions", "0")]
    [InlineData("\"encoding_format\": \"int8\"", "encoding_format", "base64")]
    [InlineData("\"input_type\": \"clustering\"", "input_type", "document")]
    public async Task A_field_with_a_wrong_value_is_named_with_what_is_right(string field, string param, string told)
    {
        var error = await RefusedAsync($$"""{"model": "{{Model}}", "input": "a", {{field}}}""", "invalid_value");
        Assert.Equal(param, error.Text("param"));
        Assert.Contains(told, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_type_puts_the_models_prefix_before_the_text()
    {
        _server.Install("xlm-roberta-mean", "encoders", "xlm-roberta-mean");
        var typed = await EmbedAsync("""{"model": "tests/xlm-roberta-mean", "input": "roof", "input_type": "document"}""");
        var written = await EmbedAsync("""{"model": "tests/xlm-roberta-mean", "input": "passage: roof"}""");
        Assert.Equal(Vector(written.GetProperty("data")[0]), Vector(typed.GetProperty("data")[0]));
    }

    [Theory]
    [InlineData("nobody/nothing")]
    [InlineData("../../etc")]
    [InlineData("tests/../../etc")]
    public async Task A_model_that_is_not_here_is_a_404_with_those_that_are(string id)
    {
        var response = await _server.Client.PostJsonAsync("/v1/embeddings", $$"""{"model": "{{id}}", "input": "a"}""");
        var error = await response.ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
        Assert.Equal("model", error.Text("param"));
        Assert.Contains(Model, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_model_is_refused_with_those_that_embed()
    {
        var error = await RefusedAsync("""{"model": "HuggingFaceTB/SmolLM2-135M-Instruct", "input": "a"}""", "model_not_supported");
        Assert.Contains(Model, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_model_is_a_500_that_says_what_is_wrong_and_leaves_the_others()
    {
        string folder = _server.Install("damaged", "encoders", "bert-mean");
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), [1, 2, 3]);
        var response = await _server.Client.PostJsonAsync("/v1/embeddings", """{"model": "tests/damaged", "input": "a"}""");
        var error = await response.ErrorAsync(HttpStatusCode.InternalServerError, "model_load_failed");
        Assert.Contains("model.safetensors", error.Text("message"), StringComparison.Ordinal);
        await EmbedAsync($$"""{"model": "{{Model}}", "input": "a"}""");
    }

    [Fact]
    public async Task OpenAIs_own_client_works_unchanged()
    {
        await using var server = await RunningServer.OnSocketsAsync();
        var client = new OpenAIClient(
            new ApiKeyCredential(server.Server.Keys.First),
            new OpenAIClientOptions { Endpoint = new(server.Server.Address, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) }).GetEmbeddingClient(Model);

        OpenAIEmbeddingCollection embeddings = await client.GenerateEmbeddingsAsync(["roof", "harbour"], new EmbeddingGenerationOptions { Dimensions = 128 });

        Assert.Equal([0, 1], embeddings.Select(embedding => embedding.Index));
        Assert.All(embeddings, embedding => Assert.Equal(128, embedding.ToFloats().Length));
        Assert.Equal(6, embeddings.Usage.InputTokenCount);
        Assert.Equal(Model, embeddings.Model);
        OpenAIEmbedding one = await client.GenerateEmbeddingAsync("roof");
        Assert.Equal(384, one.ToFloats().Length);
    }

    private async Task<JsonElement> EmbedAsync(string body)
    {
        var response = await _server.Client.PostJsonAsync("/v1/embeddings", body);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    private async Task<JsonElement> RefusedAsync(string body, string code) =>
        await (await _server.Client.PostJsonAsync("/v1/embeddings", body)).ErrorAsync(HttpStatusCode.BadRequest, code);

    private static float[] Vector(JsonElement embedding) => [.. embedding.GetProperty("embedding").EnumerateArray().Select(x => x.GetSingle())];
}
