using System.Net;
using System.Text.Json;
using Impetus.Engine.Generation;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.OpenAi;

public sealed class CompletionTests
{
    private const string Path = "/v1/completions";

    private static string Body(string prompt, string more = "") =>
        $$"""{"model":"test-org/fake-model","prompt":{{prompt}}{{(more.Length > 0 ? "," + more : "")}}}""";

    private static async Task<List<JsonElement>> ChoicesAsync(RunningServer server, string body) =>
        [.. (await (await server.Client.PostJsonAsync(Path, body)).JsonAsync()).GetProperty("choices").EnumerateArray()];

    [Fact]
    public async Task A_text_is_continued_in_OpenAI_s_shape()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var answer = await (await server.Client.PostJsonAsync(Path, Body("\"Once\""))).JsonAsync();
        Assert.Matches("^cmpl-", answer.Text("id"));
        Assert.Equal("text_completion", answer.Text("object"));
        Assert.Equal("""[{"text":"Hello there","index":0,"logprobs":null,"finish_reason":"stop"}]""", answer.GetProperty("choices").GetRawText());
        Assert.Equal(5, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.True(answer.TryGetProperty("timings", out _));
        var request = Assert.Single(server.Model.Fake.Requests);
        Assert.Equal([FakeChatModel.BeginOfText, 'O', 'n', 'c', 'e'], request.Prompt);
        Assert.Equal(16, request.MaxTokens);
    }

    [Theory]
    [InlineData("[79,110]", "79,110")]
    [InlineData("[[79],[110,99]]", "79|110,99")]
    [InlineData("[\"a\",\"b\"]", "256,97|256,98")]
    [InlineData("[\"a\",[98]]", "256,97|98")]
    public async Task Prompts_are_texts_or_token_ids_one_or_many(string prompt, string expected)
    {
        await using var server = await RunningServer.InMemoryAsync();
        var choices = await ChoicesAsync(server, Body(prompt));
        var seen = server.Model.Fake.Requests.Select(r => string.Join(',', r.Prompt));
        Assert.Equal(expected.Split('|').Order(), seen.Order());
        Assert.Equal(Enumerable.Range(0, expected.Split('|').Length), choices.Select(c => c.GetProperty("index").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_are_numbered_by_prompt_then_by_choice_and_counted_together(bool stream)
    {
        await using var server = await RunningServer.InMemoryAsync();
        var fake = server.Model.Fake;
        fake.Script = (request, _) => Named(request);
        async IAsyncEnumerable<GenerationEvent> Named(GenerationRequest request)
        {
            await Task.Yield();
            for (int choice = 0; choice < request.Choices; choice++)
            {
                yield return new TextDelta(choice, $"{(char)request.Prompt[0]}{choice}", [1], []);
                yield return new ChoiceDone(choice, FinishReason.Stop);
            }

            yield return FakeGenerator.Done(request, request.Choices);
        }

        string body = Body("[[97],[98],[99]]", "\"n\":2,\"echo\":true" + (stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : ""));
        var response = await server.Client.OpenAsync(Path, body);
        List<JsonElement> parts = stream ? await response.EventsAsync() : [await response.JsonAsync()];
        var texts = parts.SelectMany(p => p.GetProperty("choices").EnumerateArray())
            .GroupBy(c => c.GetProperty("index").GetInt32(), c => c.Text("text")).OrderBy(g => g.Key).Select(g => string.Concat(g));
        Assert.Equal(["aa0", "aa1", "bb0", "bb1", "cc0", "cc1"], texts);
        var usage = parts[^1].GetProperty("usage");
        Assert.Equal((3, 6), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        Assert.Equal(6, server.Log.Entries.Single(e => e.Values.ContainsKey("CompletionTokens")).Values["CompletionTokens"]);
    }

    [Fact]
    public async Task An_echoed_prompt_comes_with_its_own_log_probabilities_and_offsets()
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Reply = "ü!";
        var choice = Assert.Single(await ChoicesAsync(server, Body("[195,169,120]", "\"echo\":true,\"logprobs\":1")));
        Assert.Equal("éx", choice.Text("text")[..2]);
        var logprobs = choice.GetProperty("logprobs");
        Assert.Equal(
            ["bytes:\\xc3", "bytes:\\xa9", "x", "bytes:\\xc3", "bytes:\\xbc", "!"],
            logprobs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal("[null,-0.5,-0.5,-0.25,-0.25,-0.25]", logprobs.GetProperty("token_logprobs").GetRawText());
        Assert.Equal("[0,1,1,2,3,3]", logprobs.GetProperty("text_offset").GetRawText());
        var top = logprobs.GetProperty("top_logprobs");
        Assert.Equal(JsonValueKind.Null, top[0].ValueKind);
        Assert.Equal("""{"a":-0.25,"!":-0.25}""", top[5].GetRawText());
    }

    [Fact]
    public async Task Offsets_go_on_through_a_stream()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var events = await (await server.Client.OpenAsync(Path, Body("\"x\"", "\"logprobs\":0,\"stream\":true"))).EventsAsync();
        var offsets = events.Select(e => e.GetProperty("choices")[0].GetProperty("logprobs"))
            .Where(l => l.ValueKind == JsonValueKind.Object).Select(l => l.GetProperty("text_offset")[0].GetInt32());
        Assert.Equal(Enumerable.Range(0, "Hello there".Length), offsets);
        Assert.Equal("stop", events[^1].GetProperty("choices")[0].Text("finish_reason"));
        Assert.True(events[^1].TryGetProperty("timings", out _));
    }

    [Fact]
    public async Task Several_prompts_that_cannot_all_be_served_fail_as_one_and_leave_nothing_running()
    {
        await using var server = await RunningServer.InMemoryAsync();
        int running = 0;
        server.Model.Fake.Script = (request, cancel) => Fail(request, cancel);
        async IAsyncEnumerable<GenerationEvent> Fail(
            GenerationRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            Interlocked.Increment(ref running);
            try
            {
                await Task.Yield();
                if (request.Prompt[0] == 98)
                    throw new GenerationException(GenerationFault.QueueFull, "Full.");
                await Task.Delay(Timeout.Infinite, cancel);
                yield break;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        await (await server.Client.PostJsonAsync(Path, Body("[[97],[98],[99]]"))).ErrorAsync(HttpStatusCode.ServiceUnavailable, "queue_full");
        Assert.Equal(0, running);
    }

    [Theory]
    [InlineData("null", "", "prompt", "required")]
    [InlineData("7", "", "prompt", "a string, or an array")]
    [InlineData("[]", "", "prompt", "at least one")]
    [InlineData("[[]]", "", "prompt", "no tokens")]
    [InlineData("[1,\"a\"]", "", "prompt[1]", "a token id")]
    [InlineData("[1,2.5]", "", "prompt[1]", "a token id")]
    [InlineData("[-1]", "", "prompt[0]", "a token id")]
    [InlineData("[\"a\",{}]", "", "prompt[1]", "a string or an array of token ids")]
    [InlineData("[257]", "", "prompt", "0 to 256")]
    [InlineData("\"a\"", "\"suffix\":\"b\"", "suffix", "not supported")]
    [InlineData("\"a\"", "\"n\":2,\"best_of\":3", "best_of", "not supported")]
    [InlineData("\"a\"", "\"max_tokens\":0", "max_tokens", "1 or more")]
    [InlineData("\"a\"", "\"logprobs\":6", "logprobs", "from 0 to 5")]
    [InlineData("\"a\"", "\"logprobs\":true", "logprobs", "from 0 to 5, not true")]
    [InlineData("[\"a\",\"b\"]", "\"n\":65", "n", "at most 128")]
    [InlineData("\"a\"", "\"stream_options\":{\"include_usage\":true}", "stream_options", "stream")]
    public async Task What_cannot_be_done_is_refused_by_name(string prompt, string field, string param, string expected)
    {
        await using var server = await RunningServer.InMemoryAsync();
        var error = await (await server.Client.PostJsonAsync(Path, Body(prompt, field))).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal(param, error.Text("param"));
        Assert.Contains(expected, error.Text("message"), StringComparison.Ordinal);
        Assert.Empty(server.Model.Fake.Requests);
    }

    [Theory]
    [InlineData("\"suffix\":\"\"")]
    [InlineData("\"suffix\":null")]
    [InlineData("\"stream_options\":{}")]
    [InlineData("\"n\":2,\"best_of\":2")]
    public async Task A_neutral_value_counts_as_absent(string field)
    {
        await using var server = await RunningServer.InMemoryAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostJsonAsync(Path, Body("\"a\"", field))).StatusCode);
    }

    [Fact]
    public async Task A_prompt_over_the_context_and_a_request_without_a_key_are_refused()
    {
        await using var server = await RunningServer.InMemoryAsync();
        string ids = $"[{string.Join(',', Enumerable.Repeat("97", 256))}]";
        var error = await (await server.Client.PostJsonAsync(Path, Body(ids))).ErrorAsync(HttpStatusCode.BadRequest, "context_length_exceeded");
        Assert.Equal("prompt", error.Text("param"));
        await (await server.Anonymous().PostJsonAsync(Path, Body("\"a\""))).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Prompts_are_logged_at_trace_alone()
    {
        await using var server = await RunningServer.InMemoryAsync(s => s with { LogLevel = LogLevel.Trace });
        await server.Client.PostJsonAsync(Path, Body("\"my secret garden\""));
        Assert.Equal(LogLevel.Trace, Assert.Single(server.Log.Entries, e => e.Message.Contains("my secret garden", StringComparison.Ordinal)).Level);
    }
}
