using System.Net;
using System.Text;
using System.Text.Json;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.OpenAi;

public sealed class ChatRefusalTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.InMemoryAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<HttpResponseMessage> PostAsync(string body) => _server.Client.PostJsonAsync(ChatTests.Path, body);

    [Theory]
    [InlineData("temperature", "2.1", "from 0 to 2, not 2.1")]
    [InlineData("temperature", "-0.1", "from 0 to 2")]
    [InlineData("temperature", "1e400", "from 0 to 2")]
    [InlineData("temperature", "\"hot\"", "a number from 0 to 2, not a string")]
    [InlineData("top_p", "1.5", "from 0 to 1")]
    [InlineData("top_k", "-1", "0 or more")]
    [InlineData("top_k", "1.5", "an integer")]
    [InlineData("min_p", "-1", "from 0 to 1")]
    [InlineData("typical_p", "2", "from 0 to 1")]
    [InlineData("frequency_penalty", "3", "from -2 to 2")]
    [InlineData("presence_penalty", "-3", "from -2 to 2")]
    [InlineData("repetition_penalty", "0", "from 0.01 to 2")]
    [InlineData("seed", "1.5", "an integer")]
    [InlineData("n", "0", "from 1 to 128")]
    [InlineData("n", "129", "from 1 to 128")]
    [InlineData("max_tokens", "0", "1 or more")]
    [InlineData("max_completion_tokens", "-5", "1 or more")]
    [InlineData("logprobs", "1", "true or false")]
    [InlineData("stream", "\"yes\"", "true or false")]
    [InlineData("stream_options", "{\"include_usage\":true}", "stream")]
    [InlineData("ignore_eos", "[]", "true or false")]
    [InlineData("stop", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "at most 4")]
    [InlineData("stop", "\"\"", "empty")]
    [InlineData("stop", "7", "a string or an array of strings")]
    [InlineData("logit_bias", "{\"257\":1}", "0 to 256", "logit_bias.257")]
    [InlineData("logit_bias", "{\"97\":101}", "from -100 to 100", "logit_bias.97")]
    [InlineData("logit_bias", "{\"cat\":1}", "no token id")]
    [InlineData("logit_bias", "{\"97\":1,\"097\":2}", "twice")]
    [InlineData("logit_bias", "[]", "object")]
    [InlineData("stop", "[\"a\",null]", "a string", "stop[1]")]
    public async Task A_wrong_value_is_named_with_its_range(string field, string value, string expected, string? param = null)
    {
        var error = await (await PostAsync(ChatTests.Body($"\"{field}\":{value}"))).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        Assert.Equal(param ?? field, error.Text("param"));
        Assert.Contains(field, error.Text("message"), StringComparison.Ordinal);
        Assert.Contains(expected, error.Text("message"), StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", error.Text("type"));
    }

    [Theory]
    [InlineData("\"top_logprobs\":3", "top_logprobs")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"max_tokens\":3,\"max_completion_tokens\":4", "max_tokens")]
    public async Task Fields_that_contradict_each_other_are_refused(string fields, string param) =>
        Assert.Equal(param, (await (await PostAsync(ChatTests.Body(fields))).ErrorAsync(HttpStatusCode.BadRequest)).Text("param"));

    [Theory]
    [InlineData("tools", """[{"type":"function","function":{"name":"f"}}]""")]
    [InlineData("tool_choice", "\"required\"")]
    [InlineData("functions", """[{"name":"f"}]""")]
    [InlineData("response_format", """{"type":"json_object"}""")]
    [InlineData("response_format", """{"type":"json_schema","json_schema":{"name":"x","schema":{}}}""")]
    [InlineData("modalities", """["text","audio"]""")]
    [InlineData("audio", """{"voice":"alloy"}""")]
    [InlineData("reasoning_effort", "\"high\"")]
    [InlineData("prediction", """{"type":"content","content":"x"}""")]
    public async Task A_field_that_cannot_be_honoured_is_refused_by_name(string field, string value)
    {
        var error = await (await PostAsync(ChatTests.Body($"\"{field}\":{value}"))).ErrorAsync(HttpStatusCode.BadRequest, "unsupported_parameter");
        Assert.Equal(field, error.Text("param"));
        Assert.Contains(field, error.Text("message"), StringComparison.Ordinal);
        Assert.Empty(_server.Model.Fake.Requests);
    }

    [Theory]
    [InlineData("\"tools\":[]")]
    [InlineData("\"tools\":null")]
    [InlineData("\"tool_choice\":\"none\"")]
    [InlineData("\"response_format\":{\"type\":\"text\"}")]
    [InlineData("\"modalities\":[\"text\"]")]
    [InlineData("\"store\":false")]
    [InlineData("\"metadata\":{}")]
    [InlineData("\"stop\":[]")]
    [InlineData("\"logit_bias\":{}")]
    [InlineData("\"top_logprobs\":0")]
    [InlineData("\"use_rag\":false")]
    [InlineData("\"stream\":false,\"stream_options\":null")]
    public async Task A_neutral_value_counts_as_absent(string field)
    {
        var response = await PostAsync(ChatTests.Body(field));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Impetus-Ignored-Fields"));
    }

    [Theory]
    [InlineData("""[]""", "messages", "at least one")]
    [InlineData("""{}""", "messages", "an array of messages")]
    [InlineData("""["hi"]""", "messages[0]", "a JSON object, not a string")]
    [InlineData("""[{"content":"x"}]""", "messages[0].role", "required")]
    [InlineData("""[{"role":"user"}]""", "messages[0].content", "required")]
    [InlineData("""[{"role":"user","content":null}]""", "messages[0].content", "required")]
    [InlineData("""[{"role":"king","content":"x"}]""", "messages[0].role", "must be system")]
    [InlineData("""[{"role":"tool","content":"x","tool_call_id":"1"}]""", "messages[0].role", "tool calls")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"1"}]}]""", "messages[1].tool_calls", "tool calls")]
    [InlineData("""[{"role":"user","content":7}]""", "messages[0].content", "a string or an array of parts, not 7")]
    [InlineData("""[{"role":"user","content":[]}]""", "messages[0].content", "at least one")]
    [InlineData("""[{"role":"user","content":["x"]}]""", "messages[0].content[0]", "a JSON object")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}}]}]""",
        "messages[0].content[1].type", "only text parts")]
    [InlineData("""[{"role":"user","content":[{"type":"text"}]}]""", "messages[0].content[0].text", "required")]
    [InlineData("""[{"role":"user","content":[{"text":"a"}]}]""", "messages[0].content[0].type", "required")]
    [InlineData("""[{"role":"user","content":"\ud800"}]""", "messages[0].content", "surrogate")]
    public async Task A_wrong_message_is_named_by_its_path(string messages, string param, string expected)
    {
        var error = await (await PostAsync(ChatTests.Body(messages: messages))).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal(param, error.Text("param"));
        Assert.Contains(expected, error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{\n  \"model\": \"m\",\n  nope }", "line 3, byte 3")]
    [InlineData("[1]", "must be a JSON object, not an array")]
    [InlineData("\"text\"", "must be a JSON object, not a string")]
    [InlineData("{} {}", "line 1")]
    [InlineData("{\"model\":\"a\",\"model\":\"b\"}", "model")]
    [InlineData("{\"a\":{\"x\":1,\"x\":2}}", "x")]
    [InlineData("{\"\\ud800\":1}", "surrogate")]
    public async Task A_malformed_body_is_told_where(string body, string expected)
    {
        var error = await (await PostAsync(body)).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Contains(expected, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deep_body_is_refused_and_not_followed()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 100_000));
        await (await PostAsync(deep)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"model\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        var error = await (await _server.Client.PostAsync(ChatTests.Path, content)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
        Assert.Contains("UTF-8", error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_media_type_is_a_415_that_says_what_to_send(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(ChatTests.Body()));
        if (type is not null)
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        await (await _server.Client.PostAsync(ChatTests.Path, content)).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_compressed_body_is_a_415()
    {
        using var content = HttpExtensions.Json(ChatTests.Body());
        content.Headers.ContentEncoding.Add("gzip");
        await (await _server.Client.PostAsync(ChatTests.Path, content)).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_32_MB_is_a_413_with_its_length_told_or_not(bool chunked)
    {
        await using var server = await RunningServer.OnSocketsAsync();
        byte[] body = Encoding.UTF8.GetBytes(ChatTests.Body(messages: $$"""[{"role":"user","content":"{{new string('x', 32 << 20)}}"}]"""));
        using HttpContent content = chunked ? new StreamContent(new Chunks(body)) : new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, ChatTests.Path) { Content = content };
        request.Headers.ExpectContinue = true;
        var error = await (await server.Client.SendAsync(request)).ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        Assert.Contains("32 MB", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_read()
    {
        await (await _server.Anonymous().PostJsonAsync(ChatTests.Path, "not json")).ErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        await (await _server.Client.GetAsync(ChatTests.Path)).ErrorAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    // Of unknown length, so that it is sent in chunks.
    private sealed class Chunks(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
