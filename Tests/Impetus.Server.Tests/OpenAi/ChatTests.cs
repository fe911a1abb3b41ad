using System.Net;
using System.Text.Json;
using Impetus.Engine.Generation;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.OpenAi;

public sealed class ChatTests
{
    internal const string Path = "/v1/chat/completions";

    internal static string Body(string more = "", string messages = """[{"role":"user","content":"Hi"}]""") =>
        $$"""{"model":"test-org/fake-model","messages":{{messages}}{{(more.Length > 0 ? "," + more : "")}}}""";

    [Fact]
    public async Task An_answer_has_OpenAI_s_shape_to_the_letter()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var answer = await (await server.Client.PostJsonAsync(Path, Body())).JsonAsync();
        Assert.Matches("^chatcmpl-", answer.Text("id"));
        Assert.Equal("chat.completion", answer.Text("object"));
        Assert.Equal("test-org/fake-model", answer.Text("model"));
        Assert.True(answer.GetProperty("created").GetInt64() > 1_700_000_000);
        Assert.Equal(
            """{"index":0,"message":{"role":"assistant","content":"Hello there","refusal":null},"logprobs":null,"finish_reason":"stop"}""",
            Assert.Single(answer.GetProperty("choices").EnumerateArray()).GetRawText());
        Assert.Equal(
            """{"prompt_tokens":19,"completion_tokens":11,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":2}}""",
            answer.GetProperty("usage").GetRawText());
        Assert.Equal(
            """{"queue_ms":1,"cache_n":2,"prompt_n":17,"prompt_ms":20,"prompt_per_token_ms":1.176,"prompt_per_second":850,"predicted_n":11,"predicted_ms":50,"predicted_per_token_ms":5,"predicted_per_second":200}""",
            answer.GetProperty("timings").GetRawText());
    }

    [Fact]
    public async Task The_model_s_own_template_renders_all_messages_without_further_special_tokens()
    {
        await using var server = await RunningServer.InMemoryAsync();
        await server.Client.PostJsonAsync(Path, Body(messages: """
            [{"role":"developer","content":"Be brief"},{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},
             {"role":"assistant","content":""},{"role":"user","content":"é"}]
            """));
        var request = Assert.Single(server.Model.Fake.Requests);
        Assert.Equal("<system>Be brief<user>AB<assistant><user>é<assistant>", server.Model.Decode(request.Prompt));
    }

    [Fact]
    public async Task A_stream_says_who_speaks_then_the_text_then_why_it_ended()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var response = await server.Client.OpenAsync(Path, Body("\"stream\":true"));
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        var events = await response.EventsAsync();
        Assert.All(events, e => Assert.Equal("chat.completion.chunk", e.Text("object")));
        Assert.Single(events.Select(e => e.Text("id")).Distinct());
        Assert.Equal(
            """[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]""",
            events[0].GetProperty("choices").GetRawText());
        Assert.Equal("Hello there", string.Concat(events[1..^1].Select(e => e.GetProperty("choices")[0].GetProperty("delta").Text("content"))));
        Assert.Equal("""[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]""", events[^1].GetProperty("choices").GetRawText());
        Assert.All(events, e => Assert.False(e.TryGetProperty("usage", out _)));
        Assert.Equal(11, events[^1].GetProperty("timings").GetProperty("predicted_n").GetInt32());
    }

    [Fact]
    public async Task Usage_comes_in_a_last_event_without_choices_and_is_null_before()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var events = await (await server.Client.OpenAsync(Path, Body("""
            "stream":true,"stream_options":{"include_usage":true}
            """))).EventsAsync();
        Assert.All(events[..^1], e => Assert.Equal(JsonValueKind.Null, e.GetProperty("usage").ValueKind));
        Assert.Equal("stop", events[^2].GetProperty("choices")[0].Text("finish_reason"));
        Assert.Empty(events[^1].GetProperty("choices").EnumerateArray());
        Assert.Equal(30, events[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.True(events[^1].TryGetProperty("timings", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_answers_come_from_one_prompt(bool stream)
    {
        await using var server = await RunningServer.InMemoryAsync();
        var response = await server.Client.OpenAsync(Path, Body($"\"n\":3,\"stream\":{(stream ? "true" : "false")}"));
        var choices = stream
            ? (await response.EventsAsync()).SelectMany(e => e.GetProperty("choices").EnumerateArray()).ToList()
            : [.. (await response.JsonAsync()).GetProperty("choices").EnumerateArray()];
        foreach (int index in Enumerable.Range(0, 3))
        {
            var own = choices.Where(c => c.GetProperty("index").GetInt32() == index).ToList();
            string text = string.Concat(own.Select(c => c.GetProperty(stream ? "delta" : "message"))
                .Select(d => d.TryGetProperty("content", out var content) ? content.GetString() : ""));
            Assert.Equal("Hello there", text);
            Assert.Equal("stop", own[^1].Text("finish_reason"));
        }

        Assert.Equal(3, Assert.Single(server.Model.Fake.Requests).Choices);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_probabilities_come_with_bytes_and_alternatives(bool stream)
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Reply = "é";
        var response = await server.Client.OpenAsync(Path, Body($"\"logprobs\":true,\"top_logprobs\":2,\"stream\":{(stream ? "true" : "false")}"));
        var tokens = stream
            ? (await response.EventsAsync()).Select(e => e.GetProperty("choices")[0].GetProperty("logprobs"))
                .Where(l => l.ValueKind == JsonValueKind.Object).SelectMany(l => l.GetProperty("content").EnumerateArray()).ToList()
            : [.. (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray()];
        Assert.Equal(2, tokens.Count);
        Assert.Equal(
            """{"token":"\\xc3","logprob":-0.25,"bytes":[195],"top_logprobs":[{"token":"a","logprob":-0.25,"bytes":[97]},{"token":"b","logprob":-1.25,"bytes":[98]}]}""",
            tokens[0].GetRawText());
    }

    [Fact]
    public async Task All_sampling_fields_reach_the_engine()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var response = await server.Client.PostJsonAsync(Path, Body("""
            "temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.05,"typical_p":0.8,"frequency_penalty":-1,"presence_penalty":2,"repetition_penalty":1.1,
            "seed":-1,"logit_bias":{"97":-100,"98":5.5},"stop":["a","b"],"max_completion_tokens":7,"ignore_eos":true
            """));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Impetus-Ignored-Fields"));
        var request = Assert.Single(server.Model.Fake.Requests);
        var sampling = request.Sampling;
        Assert.Equal(
            (0.5f, 0.9f, 40, 0.05f, 0.8f, -1f, 2f, 1.1f, ulong.MaxValue),
            (sampling.Temperature, sampling.TopP, sampling.TopK, sampling.MinP, sampling.TypicalP, sampling.FrequencyPenalty,
                sampling.PresencePenalty, sampling.RepetitionPenalty, sampling.Seed));
        Assert.Equal(new Dictionary<int, float> { [97] = -100, [98] = 5.5f }, sampling.LogitBias!.ToDictionary());
        Assert.Equal(["a", "b"], request.Stop);
        Assert.Equal(7, request.MaxTokens);
        Assert.False(request.StopAtEndOfSequence);
    }

    [Fact]
    public async Task Absent_and_null_fields_take_the_model_s_own_defaults()
    {
        var model = new FakeChatModel { DefaultSampling = new() { Temperature = 0.6f, TopK = 20, RepetitionPenalty = 1.05f } };
        await using var server = await RunningServer.InMemoryAsync(loader: new LoaderOf(model));
        await server.Server.Models.Loaded;
        await server.Client.PostJsonAsync(Path, Body("\"temperature\":null,\"top_k\":null,\"stop\":null,\"logit_bias\":null,\"n\":null"));
        await server.Client.PostJsonAsync(Path, Body("\"temperature\":0,\"top_k\":0"));
        var requests = model.Fake.Requests.ToArray();
        Assert.Equal(model.DefaultSampling, requests[0].Sampling);
        Assert.Equal(model.DefaultSampling with { Temperature = 0, TopK = 0 }, requests[1].Sampling);
        Assert.Null(requests[0].MaxTokens);
    }

    [Theory]
    [InlineData("\"max_tokens\":5", 5)]
    [InlineData("\"max_completion_tokens\":5", 5)]
    [InlineData("\"max_completion_tokens\":5,\"max_tokens\":5", 5)]
    [InlineData("\"max_tokens\":100000", 256 - 19)]
    public async Task The_answer_s_limit_is_what_was_asked_for_or_the_room_that_is_left(string field, int expected)
    {
        await using var server = await RunningServer.InMemoryAsync();
        await server.Client.PostJsonAsync(Path, Body(field));
        Assert.Equal(expected, Assert.Single(server.Model.Fake.Requests).MaxTokens);
    }

    [Fact]
    public async Task A_prompt_over_the_context_is_refused_with_both_numbers()
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.ContextLength = 19;
        var error = await (await server.Client.PostJsonAsync(Path, Body())).ErrorAsync(HttpStatusCode.BadRequest, "context_length_exceeded");
        Assert.Contains("maximum context length is 19 tokens", error.Text("message"), StringComparison.Ordinal);
        Assert.Contains("resulted in 19 tokens", error.Text("message"), StringComparison.Ordinal);
        server.Model.Fake.ContextLength = 20;
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostJsonAsync(Path, Body())).StatusCode);
    }

    [Fact]
    public async Task Messages_that_the_template_refuses_are_a_400_with_its_words()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var error = await (await server.Client.PostJsonAsync(Path, Body(messages: """[{"role":"user","content":"refuse me"}]""")))
            .ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("messages", error.Text("param"));
        Assert.Contains("Conversation roles must alternate", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_is_a_404_with_the_list()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var error = await (await server.Client.PostJsonAsync(Path, """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}"""))
            .ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
        Assert.Contains("test-org/fake-model", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advisory_and_unknown_fields_are_ignored_and_told()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var response = await server.Client.PostJsonAsync(Path, Body(
            "\"user\":\"ada\",\"metadata\":{\"a\":\"b\"},\"store\":false,\"service_tier\":null,\"fröhlich\":1",
            """[{"role":"user","content":"Hi","name":"ada"}]"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("messages%5B0%5D.name, user, metadata, fr%C3%B6hlich".Split(", ").Order(),
            response.Headers.GetValues("Impetus-Ignored-Fields").Single().Split(", ").Order());
    }

    [Fact]
    public async Task The_header_of_ignored_fields_is_bounded()
    {
        await using var server = await RunningServer.InMemoryAsync();
        string many = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"field{i}\":{i}"));
        var header = (await server.Client.PostJsonAsync(Path, Body(many))).Headers.GetValues("Impetus-Ignored-Fields").Single();
        Assert.Equal(20, header.Split(", ").Length);
        string wide = string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"{new string('ü', 60)}{i}\":{i}"));
        Assert.True((await server.Client.PostJsonAsync(Path, Body(wide))).Headers.GetValues("Impetus-Ignored-Fields").Single().Length <= 1024);
    }

    [Theory]
    [InlineData(LogLevel.Trace, true)]
    [InlineData(LogLevel.Debug, false)]
    public async Task Prompts_are_logged_at_trace_alone(LogLevel level, bool logged)
    {
        await using var server = await RunningServer.InMemoryAsync(s => s with { LogLevel = level });
        await server.Client.PostJsonAsync(Path, Body(messages: """[{"role":"user","content":"my secret garden"}]"""));
        Assert.Equal(logged, server.Log.Text.Contains("my secret garden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_line_tells_model_and_tokens()
    {
        await using var server = await RunningServer.InMemoryAsync();
        await server.Client.PostJsonAsync(Path, Body());
        var line = Assert.Single(server.Log.Entries, e => e.Category == "Impetus.Requests");
        Assert.Equal(
            ("test-org/fake-model", 19, 2, 11, "ok"),
            (line.Values["Model"], line.Values["PromptTokens"], line.Values["CachedTokens"], line.Values["CompletionTokens"], line.Values["Outcome"]));
        Assert.NotNull(line.Values["FirstTokenMilliseconds"]);
    }
}
