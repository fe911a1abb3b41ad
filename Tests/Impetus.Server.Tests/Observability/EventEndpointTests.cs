using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Impetus.Server.Observability;
using Impetus.Server.Tests.OpenAi;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Observability;

/// <summary>The feed as clients see it, over real sockets.</summary>
public sealed class EventEndpointTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private RunningServer _server = null!;

    private EventFeed Feed => _server.Server.Services.GetRequiredService<EventFeed>();

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.OnSocketsAsync();
        // The last that is told without anybody's doing.
        await _server.Log.WaitForAsync(entry => entry.Message.StartsWith("Model test-org/fake-model is loaded", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_request_is_told_when_it_starts_and_when_it_is_over()
    {
        await using var events = await OpenAsync();
        Assert.Equal("heartbeat", (await events.NextAsync()).Kind);
        var response = await _server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body());
        string id = response.Headers.GetValues("x-request-id").Single();
        var (started, finished) = ((await events.NextAsync()).Data.GetProperty("request"), (await events.NextAsync()).Data.GetProperty("request"));
        Assert.Equal((id, "started", "POST /v1/chat/completions"), (started.Text("id"), started.Text("state"), started.Text("route")));
        Assert.Equal((id, "finished", "ok"), (finished.Text("id"), finished.Text("state"), finished.Text("outcome")));
        Assert.Equal("test-org/fake-model", finished.Text("model"));
        Assert.Equal(11, finished.GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task What_is_refused_is_told_with_its_reason_and_reading_is_not_told()
    {
        await using var events = await OpenAsync();
        await events.NextAsync();
        await _server.Client.GetAsync("/v1/models");
        await _server.Client.PostJsonAsync(ChatTests.Path, ChatTests.Body("\"n\":0"));
        Assert.Equal("started", (await events.NextAsync()).Data.GetProperty("request").Text("state"));
        var finished = (await events.NextAsync()).Data.GetProperty("request");
        Assert.Equal((400, "invalid_value"), (finished.GetProperty("status").GetInt32(), finished.Text("outcome")));
    }

    [Fact]
    public async Task A_job_of_the_library_is_told_until_it_is_done()
    {
        await _server.Client.PostJsonAsync("/v1/documents", """{"text": "Harbours are deep.", "collection": "sea"}""");
        await using var events = await OpenAsync();
        string job = (await (await _server.Client.PostJsonAsync("/v1/collections/sea/reindex", "{}")).JsonAsync()).Text("id");
        JsonElement told;
        do
        {
            var next = await events.NextAsync();
            if (!next.Data.TryGetProperty("ingest", out told))
                continue;
            Assert.Equal((job, "reindex", "sea"), (told.Text("job"), told.Text("kind"), told.Text("collection")));
            Assert.NotEqual("failed", told.Text("state"));
        }
        while (told.ValueKind == JsonValueKind.Undefined || told.Text("state") != "succeeded");
        Assert.Equal(1, told.GetProperty("documents_total").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_back_with_Last_Event_ID_hears_what_was_missed(bool inHeader)
    {
        Feed.Publish(new ModelEvent("a/one", "loaded"));
        string heard = Feed.LastId;
        Feed.Publish(new ModelEvent("a/two", "loaded"));
        await using var events = await OpenAsync(inHeader ? "" : $"?last_event_id={heard}", inHeader ? heard : null);
        Assert.Equal("heartbeat", (await events.NextAsync()).Kind);
        var missed = await events.NextAsync();
        Assert.Equal("a/two", missed.Data.GetProperty("model").Text("id"));
        Assert.Equal(Feed.LastId, missed.Id);
    }

    [Fact]
    public async Task A_gap_is_an_event()
    {
        await using var events = await OpenAsync("", "0123abcd-4");
        var gap = await events.NextAsync();
        Assert.Equal("gap", gap.Kind);
        Assert.Equal(JsonValueKind.Null, gap.Data.GetProperty("gap").GetProperty("missed").ValueKind);
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops_and_do_not_hold_it_up()
    {
        await using var events = await OpenAsync();
        await events.NextAsync();
        using var socket = await ConnectAsync();
        await ReceiveAsync(socket);
        Assert.True(await _server.Server.StopAsync().WaitAsync(Patience));
        Assert.True(await events.EndsAsync());
        var last = await socket.ReceiveAsync(new byte[1024].AsMemory(), default).AsTask().WaitAsync(Patience);
        Assert.Equal(WebSocketMessageType.Close, last.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
    }

    [Fact]
    public async Task A_follower_too_many_is_refused_and_a_seat_is_free_again_when_one_leaves()
    {
        var seats = Enumerable.Range(0, EventFeed.Seats).Select(_ => Feed.TakeSeat()).ToList();
        var refused = await _server.Client.GetAsync("/api/events");
        await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable, "too_many_followers");
        seats[0].Dispose();
        seats[0].Dispose();
        await using var events = await OpenAsync();
        Assert.Equal("heartbeat", (await events.NextAsync()).Kind);
        await (await _server.Client.GetAsync("/api/events")).ErrorAsync(HttpStatusCode.ServiceUnavailable, "too_many_followers");
    }

    [Fact]
    public async Task A_WebSocket_tells_the_same()
    {
        Feed.Publish(new ModelEvent("a/one", "loaded"));
        string heard = Feed.LastId;
        Feed.Publish(new ModelEvent("a/two", "loading", 1, 2));
        using var socket = await ConnectAsync($"?last_event_id={heard}");
        Assert.Equal("heartbeat", (await ReceiveAsync(socket)).Text("kind"));
        var missed = await ReceiveAsync(socket);
        Assert.Equal((Feed.LastId, "a/two"), (missed.Text("id"), missed.GetProperty("model").Text("id")));
        await socket.SendAsync("\"hello\""u8.ToArray().AsMemory(), WebSocketMessageType.Text, true, default);
        Feed.Publish(new MemoryEvent(1, 2, "warning"));
        Assert.Equal("warning", (await ReceiveAsync(socket)).GetProperty("memory").Text("pressure"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(Patience);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task A_page_sends_its_key_as_a_protocol_which_is_not_sent_back()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("impetus");
        socket.Options.AddSubProtocol($"impetus.{_server.Server.Keys.First}");
        await socket.ConnectAsync(SocketAddress(""), default);
        Assert.Equal("impetus", socket.SubProtocol);
        Assert.Equal("heartbeat", (await ReceiveAsync(socket)).Text("kind"));

        using var stranger = new ClientWebSocket();
        stranger.Options.AddSubProtocol("impetus");
        stranger.Options.AddSubProtocol("impetus.wrong");
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.ConnectAsync(SocketAddress(""), default));
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", null, HttpStatusCode.Unauthorized)]
    [InlineData("right", "https://evil.example", HttpStatusCode.Forbidden)]
    public async Task A_WebSocket_needs_a_key_and_our_own_origin(string? key, string? origin, HttpStatusCode status)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (key is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {(key == "right" ? _server.Server.Keys.First : key)}");
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(SocketAddress(""), default));
        Assert.Equal(status, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Without_an_upgrade_the_route_says_where_to_go() =>
        await (await _server.Client.GetAsync("/ws")).ErrorAsync(HttpStatusCode.UpgradeRequired, "upgrade_required");

    private Uri SocketAddress(string query) => new($"ws://localhost:{_server.Server.Address.Port}/ws{query}");

    private async Task<ClientWebSocket> ConnectAsync(string query = "")
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_server.Server.Keys.First}");
        await socket.ConnectAsync(SocketAddress(query), default);
        return socket;
    }

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[4096];
        var message = await socket.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Patience);
        Assert.True(message.EndOfMessage);
        return JsonElement.Parse(buffer.AsSpan(0, message.Count));
    }

    private async Task<EventLines> OpenAsync(string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events{query}");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return new(await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    private sealed class EventLines(HttpResponseMessage response) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<string> _lines = response.LinesAsync().GetAsyncEnumerator();

        public async Task<(string Id, string Kind, JsonElement Data)> NextAsync()
        {
            string id = await FieldAsync("id"), kind = await FieldAsync("event");
            var data = JsonElement.Parse(await FieldAsync("data"));
            Assert.Equal((id, kind), (data.Text("id"), data.Text("kind")));
            return (id, kind, data);
        }

        public async Task<bool> EndsAsync() => !await _lines.MoveNextAsync().AsTask().WaitAsync(Patience);

        public ValueTask DisposeAsync()
        {
            // A stream that never ends is left, not read to its end.
            response.Dispose();
            return default;
        }

        private async Task<string> FieldAsync(string name)
        {
            Assert.True(await _lines.MoveNextAsync().AsTask().WaitAsync(Patience));
            Assert.StartsWith($"{name}: ", _lines.Current, StringComparison.Ordinal);
            return _lines.Current[(name.Length + 2)..];
        }
    }
}
