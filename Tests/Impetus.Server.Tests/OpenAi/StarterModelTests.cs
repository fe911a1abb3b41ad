using System.ClientModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;

namespace Impetus.Server.Tests.OpenAi;

/// <summary>The server with the model that ships, on real sockets.</summary>
public sealed class StarterServer : IAsyncLifetime
{
    private readonly TemporaryDirectory _home = new();

    public ImpetusServer Server { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public ChatClient Chat { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await ImpetusServer.StartAsync(new() { Data = DataDirectory.Locate(_home.Path, _ => null), Port = 0 });
        await Server.Models.Loaded;
        Client = new HttpClient { BaseAddress = Server.Address };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", Server.Keys.First);
        Chat = new OpenAIClient(
            new ApiKeyCredential(Server.Keys.First), new OpenAIClientOptions { Endpoint = new(Server.Address, "v1") }).GetChatClient(StarterModels.Chat);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        _home.Dispose();
    }
}

[Trait("Weights", "real")]
public sealed class StarterModelTests(StarterServer starter) : IClassFixture<StarterServer>
{
    private const string Path = "/v1/chat/completions";

    private static string Ask(string question, string more = "\"max_tokens\":30") =>
        $$"""{"model":"{{StarterModels.Chat}}","temperature":0,"messages":[{"role":"user","content":"{{question}}"}],{{more}}}""";

    [Fact]
    public async Task It_knows_the_capital_of_France()
    {
        ChatCompletion answer = await starter.Chat.CompleteChatAsync(
            [new UserChatMessage("What is the capital of France?")], new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 30 });
        Assert.Equal("The capital of France is Paris.", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(37, answer.Usage.InputTokenCount);
    }

    [Fact]
    public async Task A_stream_says_the_same_as_the_whole_answer()
    {
        var whole = await (await starter.Client.PostJsonAsync(Path, Ask("Name three colours."))).JsonAsync();
        var events = await (await starter.Client.OpenAsync(Path, Ask("Name three colours.", "\"max_tokens\":30,\"stream\":true"))).EventsAsync();
        Assert.Equal(
            whole.GetProperty("choices")[0].GetProperty("message").Text("content"),
            string.Concat(events.Select(e => e.GetProperty("choices")[0].GetProperty("delta")).Select(d => d.TryGetProperty("content", out var text) ? text.GetString() : "")));
    }

    [Fact]
    public async Task A_prompt_that_was_seen_before_comes_from_the_cache()
    {
        await starter.Client.PostJsonAsync(Path, Ask("Which river flows through Cairo?"));
        var again = await (await starter.Client.PostJsonAsync(Path, Ask("Which river flows through Cairo?"))).JsonAsync();
        var usage = again.GetProperty("usage");
        Assert.Equal(
            usage.GetProperty("prompt_tokens").GetInt32() - 1, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_answers_and_another_does_not()
    {
        async Task<string> Say(int seed) => (await (await starter.Client.PostJsonAsync(
            Path, Ask("Tell me a story.", $"\"max_tokens\":20,\"seed\":{seed},\"n\":2").Replace("\"temperature\":0", "\"temperature\":1.2", StringComparison.Ordinal)))
            .JsonAsync()).GetProperty("choices").GetRawText();
        string first = await Say(7);
        Assert.Equal(first, await Say(7));
        Assert.NotEqual(first, await Say(8));
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_before_it()
    {
        var answer = await (await starter.Client.PostJsonAsync(Path, Ask("What is the capital of France?", "\"stop\":[\" is Pa\"]"))).JsonAsync();
        Assert.Equal("The capital of France", answer.GetProperty("choices")[0].GetProperty("message").Text("content"));
    }

    [Fact]
    public async Task A_text_is_continued_echoed_and_scored()
    {
        var answer = await (await starter.Client.PostJsonAsync("/v1/completions", $$"""
            {"model":"{{StarterModels.Chat}}","prompt":"One, two, three,","max_tokens":3,"temperature":0,"echo":true,"logprobs":2}
            """)).JsonAsync();
        var choice = answer.GetProperty("choices")[0];
        Assert.StartsWith("One, two, three, four", choice.Text("text"), StringComparison.Ordinal);
        var logprobs = choice.GetProperty("logprobs");
        Assert.Equal(choice.Text("text"), string.Concat(logprobs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString())));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, logprobs.GetProperty("token_logprobs")[0].ValueKind);
        Assert.All(logprobs.GetProperty("token_logprobs").EnumerateArray().Skip(1), l => Assert.True(l.GetDouble() <= 0));
        Assert.Equal(0, logprobs.GetProperty("text_offset")[0].GetInt32());
    }

    [Fact]
    public async Task A_prompt_over_the_context_is_refused_with_both_numbers()
    {
        var response = await starter.Client.PostJsonAsync(Path, Ask(string.Concat(Enumerable.Repeat("word ", 9000))));
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest, "context_length_exceeded");
        Assert.Matches("context length is 8192 tokens.* resulted in 9[0-9]{3} tokens", error.Text("message"));
    }

    [Fact]
    public async Task A_long_prompt_sends_word_while_it_is_computed()
    {
        string body = Ask(string.Concat(Enumerable.Range(0, 400).Select(i => $"{i} bottles. ")), "\"max_tokens\":1,\"stream\":true");
        var lines = await (await starter.Client.OpenAsync(Path, body)).LinesAsync().ToListAsync();
        // On a busy machine a bare word may come before the first part of the prompt is done.
        Assert.Contains(lines.TakeWhile(line => !line.StartsWith("data:", StringComparison.Ordinal)), line => Regex.IsMatch(line, "^: keepalive [0-9]+/[0-9]+$"));
        Assert.Equal("data: [DONE]", lines[^1]);
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_neither_the_engine_nor_others()
    {
        var counters = Assert.Single(starter.Server.Models.Models).Counters!;
        long before = counters.Completed;
        string body = Ask("Count to a hundred.", "\"max_tokens\":150,\"stream\":true,\"logprobs\":true,\"top_logprobs\":20,\"ignore_eos\":true");
        // So much for each token fills the buffers between the two.
        using var slow = new TcpClient { ReceiveBufferSize = 1024 };
        await slow.ConnectAsync(IPAddress.Loopback, starter.Server.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"POST {Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {starter.Server.Keys.First}\r\nConnection: close\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        var answer = await (await starter.Client.PostJsonAsync(Path, Ask("What is the capital of France?"))).JsonAsync();
        Assert.Equal("The capital of France is Paris.", answer.GetProperty("choices")[0].GetProperty("message").Text("content"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (counters.Completed < before + 2)
            await Task.Delay(10, deadline.Token);

        string read = await new StreamReader(slow.GetStream()).ReadToEndAsync(deadline.Token);
        Assert.True(read.Length > 150_000);
        Assert.Contains("data: [DONE]", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thirty_two_clients_a_third_of_whom_hang_up_leave_nothing_behind()
    {
        const int Clients = 32;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            using var leave = new CancellationTokenSource();
            var response = await starter.Client.OpenAsync(Path, Ask($"Count to {i}, in words{new string('.', i * 7)}", "\"max_tokens\":12,\"stream\":true"), leave.Token);
            await using var lines = response.LinesAsync().GetAsyncEnumerator(leave.Token);
            // Those who leave have seen some of their answer, none or more.
            for (int seen = 0; i % 3 != 0 || seen < i / 3; seen++)
            {
                if (!await lines.MoveNextAsync())
                    return;
            }

            response.Dispose();
        }));

        var model = Assert.Single(starter.Server.Models.Models);
        var active = starter.Server.Services.GetRequiredService<ActiveRequests>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (active.Count > 0 || model.Counters!.Running + model.Counters.Waiting > 0)
            await Task.Delay(10, deadline.Token);
        var answer = await (await starter.Client.PostJsonAsync(Path, Ask("What is the capital of France?"))).JsonAsync();
        Assert.Equal("The capital of France is Paris.", answer.GetProperty("choices")[0].GetProperty("message").Text("content"));
    }
}
