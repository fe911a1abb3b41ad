using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Impetus.Engine.Generation;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.OpenAi;

public sealed class ChatStreamTests
{
    private static readonly string Stream = ChatTests.Body("\"stream\":true");

    [Theory]
    [InlineData(GenerationFault.QueueFull, HttpStatusCode.ServiceUnavailable, "queue_full", "1")]
    [InlineData(GenerationFault.OutOfMemory, HttpStatusCode.BadRequest, "out_of_memory", null)]
    [InlineData(GenerationFault.ShuttingDown, HttpStatusCode.ServiceUnavailable, "shutting_down", "10")]
    [InlineData(GenerationFault.ContextLengthExceeded, HttpStatusCode.BadRequest, "context_length_exceeded", null)]
    [InlineData(GenerationFault.EngineFault, HttpStatusCode.InternalServerError, "engine_fault", null)]
    public async Task What_fails_before_the_first_token_has_a_status_of_its_own(GenerationFault fault, HttpStatusCode status, string code, string? retry)
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Script = (_, _) => Throw(new GenerationException(fault, "No room."));
        foreach (string body in new[] { Stream, ChatTests.Body() })
        {
            var response = await server.Client.OpenAsync(ChatTests.Path, body);
            await response.ErrorAsync(status, code);
            Assert.Equal(retry, response.Headers.RetryAfter?.ToString());
        }
    }

    [Fact]
    public async Task What_the_engine_says_against_a_member_names_the_field()
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Script = (_, _) => Throw(new ArgumentException("LogitBias has the token 999; the vocabulary has 257.", "LogitBias"));
        foreach (string body in new[] { Stream, ChatTests.Body() })
        {
            var error = await (await server.Client.OpenAsync(ChatTests.Path, body)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
            Assert.Equal(("logit_bias", "logit_bias has the token 999; the vocabulary has 257."), (error.Text("param"), error.Text("message")));
        }
    }

    [Fact]
    public async Task What_fails_in_the_middle_is_the_stream_s_last_event()
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Script = (_, _) => Throw(new GenerationException(GenerationFault.EngineFault, "A kernel failed."), new TextDelta(0, "Hel", [1], []));
        var response = await server.Client.OpenAsync(ChatTests.Path, Stream);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var lines = await response.LinesAsync().ToListAsync();
        Assert.Contains("Hel", lines[^2], StringComparison.Ordinal);
        Assert.Equal("""data: {"error":{"message":"A kernel failed.","type":"server_error","param":null,"code":"engine_fault"}}""", lines[^1]);
        Assert.Equal("engine_fault", server.Log.Entries.Single(e => e.Values.ContainsKey("Outcome")).Values["Outcome"]);
    }

    [Fact]
    public async Task A_defect_of_ours_is_told_by_request_id_and_logged_in_full()
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Script = (_, _) => Throw(new InvalidOperationException("inner secret"));
        var response = await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body());
        var error = await response.ErrorAsync(HttpStatusCode.InternalServerError, "internal_error");
        Assert.Contains(response.Headers.GetValues("x-request-id").Single(), error.Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain("inner secret", error.Text("message"), StringComparison.Ordinal);
        Assert.Contains("inner secret", server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_prefill_is_told_by_comments()
    {
        await using var server = await RunningServer.InMemoryAsync();
        server.Model.Fake.Script = (request, cancel) => Concat(
            [new PrefillProgress(512, 2000), new PrefillProgress(1024, 2000), new PrefillProgress(2000, 2000)], server.Model.Fake.Answer(request, cancel));
        var lines = await (await server.Client.OpenAsync(ChatTests.Path, Stream)).LinesAsync().ToListAsync();
        Assert.Equal([": keepalive 512/2000", ": keepalive 1024/2000"], lines.Where(l => l.StartsWith(':')));
        Assert.StartsWith(": keepalive", lines[0], StringComparison.Ordinal);
        Assert.Equal("data: [DONE]", lines[^1]);
    }

    [Fact]
    public async Task A_silence_is_broken_by_comments_also_before_the_first_token()
    {
        var clock = new HandClock();
        await using var server = await RunningServer.InMemoryAsync(time: clock);
        var gate = new TaskCompletionSource();
        server.Model.Fake.Script = (request, cancel) => Queued(request, cancel);
        async IAsyncEnumerable<GenerationEvent> Queued(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancel)
        {
            await gate.Task;
            await foreach (var step in server.Model.Fake.Answer(request, cancel))
                yield return step;
        }

        var opening = server.Client.OpenAsync(ChatTests.Path, Stream);
        await clock.PassAsync();
        var response = await opening;
        await using var lines = response.LinesAsync().GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal(": keepalive", lines.Current);
        gate.SetResult();
        string last = "";
        while (await lines.MoveNextAsync())
            last = lines.Current;
        Assert.Equal("data: [DONE]", last);
    }

    [Fact]
    public async Task Each_token_is_sent_when_it_is_there()
    {
        await using var server = await RunningServer.OnSocketsAsync();
        var gate = new TaskCompletionSource();
        server.Model.Fake.Script = (request, _) => Gated(request);
        async IAsyncEnumerable<GenerationEvent> Gated(GenerationRequest request)
        {
            yield return new TextDelta(0, "one", [1], []);
            await gate.Task;
            yield return new TextDelta(0, "two", [2], []);
            yield return new ChoiceDone(0, FinishReason.Length);
            yield return FakeGenerator.Done(request, 2);
        }

        var response = await server.Client.OpenAsync(ChatTests.Path, Stream);
        await using var lines = response.LinesAsync().GetAsyncEnumerator();
        do
            Assert.True(await lines.MoveNextAsync());
        while (!lines.Current.Contains("one", StringComparison.Ordinal));
        gate.SetResult();
        while (await lines.MoveNextAsync() && !lines.Current.Contains("two", StringComparison.Ordinal))
        {
        }

        Assert.Contains("two", lines.Current, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_cancels_its_sequence(bool stream)
    {
        await using var server = await RunningServer.OnSocketsAsync();
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Model.Fake.Script = (_, cancel) => Endless(started, cancelled, cancel);
        using var leave = new CancellationTokenSource();
        var request = server.Client.OpenAsync(ChatTests.Path, stream ? Stream : ChatTests.Body(), leave.Token);
        await started.Task;
        if (stream)
            (await request).Dispose();
        else
            await leave.CancelAsync();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.Server.StopAsync();
        Assert.Equal("client_left", server.Log.Entries.Single(e => e.Values.ContainsKey("Outcome")).Values["Outcome"]);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_request_is_no_defect_of_ours()
    {
        await using var server = await RunningServer.OnSocketsAsync();
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port);
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                $"POST {ChatTests.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.Server.Keys.First}\r\n" +
                "Content-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[100]));
            // A reset, as when a process is killed.
            client.LingerState = new(true, 0);
        }

        var line = await server.Log.WaitForAsync(entry => entry.Values.ContainsKey("Outcome"));
        Assert.Contains(line.Values["Outcome"], new object[] { "client_left", "bad_request" });
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_stopping_server_lets_running_requests_finish_and_refuses_new_ones()
    {
        await using var server = await RunningServer.OnSocketsAsync(s => s with { ShutdownTimeout = TimeSpan.FromMinutes(1) });
        var (started, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Model.Fake.Script = (request, cancel) => Wait(request, cancel);
        async IAsyncEnumerable<GenerationEvent> Wait(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancel)
        {
            started.SetResult();
            await gate.Task;
            await foreach (var step in server.Model.Fake.Answer(request, cancel))
                yield return step;
        }

        var running = server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body());
        await started.Task;
        var stopping = server.Server.StopAsync();
        var refused = await server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body());
        await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable, "shutting_down");
        Assert.Equal("stopping", (await (await server.Anonymous().GetAsync("/ready")).JsonAsync()).Text("status"));
        gate.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        Assert.True(await stopping);
    }

    [Fact]
    public async Task A_stream_that_does_not_end_in_time_is_ended_with_an_error_event()
    {
        await using var server = await RunningServer.OnSocketsAsync(s => s with { ShutdownTimeout = TimeSpan.Zero });
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Model.Fake.Script = (_, cancel) => Endless(started, cancelled, cancel);
        var response = await server.Client.OpenAsync(ChatTests.Path, Stream);
        Assert.False(await server.Server.StopAsync());
        var lines = await response.LinesAsync().ToListAsync();
        Assert.Equal("shutting_down", JsonDocument.Parse(lines[^1]["data: ".Length..]).RootElement.GetProperty("error").Text("code"));
        Assert.True(cancelled.Task.IsCompleted);
    }

    private static async IAsyncEnumerable<GenerationEvent> Throw(Exception fault, params GenerationEvent[] before)
    {
        await Task.Yield();
        foreach (var step in before)
            yield return step;
        throw fault;
    }

    private static async IAsyncEnumerable<GenerationEvent> Concat(GenerationEvent[] first, IAsyncEnumerable<GenerationEvent> rest)
    {
        foreach (var step in first)
            yield return step;
        await foreach (var step in rest)
            yield return step;
    }

    private static async IAsyncEnumerable<GenerationEvent> Endless(
        TaskCompletionSource started, TaskCompletionSource cancelled, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new TextDelta(0, "x", [1], []);
        started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        finally
        {
            cancelled.SetResult();
        }
    }
}
