using System.Net;
using System.Text;
using System.Text.Json;
using Impetus.Engine.Generation;
using Impetus.Server.Conversations;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Conversations;

/// <summary>Conversations that are kept, over HTTP, by a model that says what it is told to.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.InMemoryAsync();
        _server.Model.Fake.ContextLength = 4096;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_conversation_goes_on_where_it_was_whole_or_in_part()
    {
        await SayAsync("trip", """[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "One?"}]""");
        await SayAsync("trip", """[{"role": "user", "content": "Two?"}]""");
        Assert.Equal("<system>Be brief.<user>One?<assistant>Hello there<user>Two?<assistant>", Prompt());
        await SayAsync(
            "trip",
            """[{"role": "user", "content": "One?"}, {"role": "assistant", "content": "Hello there"}, {"role": "user", "content": "Two?"}, {"role": "assistant", "content": "Hello there"}, {"role": "user", "content": "Three?"}]""");
        Assert.EndsWith("<user>Two?<assistant>Hello there<user>Three?<assistant>", Prompt(), StringComparison.Ordinal);
        await SayAsync("trip", """[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Four?"}]""");
        Assert.StartsWith("<system>Be kind.<user>One?", Prompt(), StringComparison.Ordinal);
        await SayAsync("other", """[{"role": "user", "content": "Alone?"}]""");
        Assert.Equal("<user>Alone?<assistant>", Prompt());

        var kept = await GetAsync("/v1/conversations/trip");
        Assert.Equal(
            ["Be kind.", "One?", "Hello there", "Two?", "Hello there", "Three?", "Hello there", "Four?", "Hello there"],
            kept.GetProperty("messages").EnumerateArray().Select(message => message.Text("content")));
        Assert.Equal(_server.Model.Id, kept.Text("model"));
        var list = await GetAsync("/v1/conversations?limit=1");
        Assert.Equal("other", Assert.Single(list.GetProperty("data").EnumerateArray()).Text("id"));
        list = await GetAsync($"/v1/conversations?limit=1&after={list.Text("next")}");
        Assert.Equal("trip", Assert.Single(list.GetProperty("data").EnumerateArray()).Text("id"));
        Assert.False(list.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task What_was_deleted_is_forgotten_also_by_the_file()
    {
        await SayAsync("secret", """[{"role": "user", "content": "The treasure lies under the lighthouse."}]""");
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.DeleteAsync("/v1/conversations/secret")).StatusCode);

        await (await _server.Client.GetAsync("/v1/conversations/secret")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await _server.Client.DeleteAsync("/v1/conversations/secret")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await SayAsync("secret", """[{"role": "user", "content": "Again?"}]""");
        Assert.Equal("<user>Again?<assistant>", Prompt());
        await _server.Server.StopAsync();
        await _server.Server.DisposeAsync();
        foreach (string file in Directory.GetFiles(_server.Home.Combine("state"), "conversations*"))
            Assert.DoesNotContain("treasure", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_is_durable_before_its_end_is_told_and_one_that_breaks_off_is_not_kept()
    {
        var end = new TaskCompletionSource();
        _server.Model.Fake.Script = (request, cancel) => Wait(end.Task, request);
        var first = SayAsync("slow", """[{"role": "user", "content": "One?"}]""");
        await WaitForRequestAsync();
        var second = await PostAsync("slow", """[{"role": "user", "content": "Two?"}]""", "");
        await second.ErrorAsync(HttpStatusCode.Conflict, "conversation_busy");
        end.SetResult();
        await first;
        Assert.Equal(2, (await GetAsync("/v1/conversations/slow")).GetProperty("message_count").GetInt32());

        _server.Model.Fake.Script = (_, _) => throw new GenerationException(GenerationFault.QueueFull, "Too many wait.");
        await (await PostAsync("slow", """[{"role": "user", "content": "Two?"}]""", "")).ErrorAsync(HttpStatusCode.ServiceUnavailable, "queue_full");
        Assert.Equal(2, (await GetAsync("/v1/conversations/slow")).GetProperty("message_count").GetInt32());
    }

    [Fact]
    public async Task A_stream_is_kept_and_found_by_the_next_server()
    {
        var streamed = await PostAsync("stream", """[{"role": "user", "content": "One?"}]""", """, "stream": true""");
        Assert.Contains("[DONE]", await streamed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await _server.Server.StopAsync();
        await _server.Server.DisposeAsync();
        using var store = new ConversationStore(_server.Settings.Data);
        Assert.Equal([new("user", "One?"), new("assistant", "Hello there")], store.Find("stream")!.Messages);
    }

    [Theory]
    [InlineData("a/b", "", "conversation_id")]
    [InlineData("", "", "conversation_id")]
    [InlineData("good", """, "n": 2""", "n")]
    public async Task What_cannot_be_kept_is_refused_by_name(string id, string fields, string param)
    {
        var error = await (await PostAsync(id, """[{"role": "user", "content": "One?"}]""", fields)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        Assert.Equal(param, error.Text("param"));
    }

    [Fact]
    public void The_oldest_gives_way_and_two_programs_do_not_share_a_file()
    {
        using var home = new TemporaryDirectory();
        var data = DataDirectory.Locate(home.Path, _ => null);
        using var store = new ConversationStore(data, maxCount: 2);
        var now = DateTimeOffset.UnixEpoch;
        foreach (string id in (string[])["a", "b", "a", "c"])
            store.Append(id, "m", [new("user", id)], false, now += TimeSpan.FromSeconds(1));
        Assert.Equal(["c", "a"], store.List(10, null).Select(about => about.Id));
        Assert.Equal(2, store.Find("a")!.Messages.Count);

        using var other = new ConversationStore(data);
        Assert.Equal("conversations_locked", Assert.Throws<ApiException>(() => other.Find("a")).Code);
    }

    [Fact]
    public async Task A_full_conversation_says_so()
    {
        _server.Model.Fake.ContextLength = 3_000_000;
        string text = new('a', Conversation.MaxCharacters - 10);
        await SayAsync("long", $$"""[{"role": "user", "content": "{{text}}"}]""");
        await (await PostAsync("long", """[{"role": "user", "content": "More?"}]""", "")).ErrorAsync(HttpStatusCode.BadRequest, "conversation_full");
    }

    private async IAsyncEnumerable<GenerationEvent> Wait(Task end, GenerationRequest request)
    {
        await end;
        yield return new TextDelta(0, "Late.", [1], []);
        yield return new ChoiceDone(0, FinishReason.Stop);
        yield return FakeGenerator.Done(request, 1);
    }

    private async Task WaitForRequestAsync()
    {
        while (_server.Model.Fake.Requests.IsEmpty)
            await Task.Yield();
    }

    private string Prompt() => Encoding.UTF8.GetString([.. _server.Model.Fake.Requests.Last().Prompt.Select(id => (byte)id)]);

    private Task<HttpResponseMessage> PostAsync(string id, string messages, string fields) => _server.Client.PostJsonAsync(
        "/v1/chat/completions", $$"""{"model": "{{_server.Model.Id}}", "conversation_id": "{{id}}", "messages": {{messages}}{{fields}} }""");

    private async Task SayAsync(string id, string messages)
    {
        var response = await PostAsync(id, messages, "");
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var response = await _server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }
}
