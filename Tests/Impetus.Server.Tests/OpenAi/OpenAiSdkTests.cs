using System.ClientModel;
using System.ClientModel.Primitives;
using Impetus.Engine.Generation;
using Impetus.Server.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace Impetus.Server.Tests.OpenAi;

/// <summary>OpenAI's own client, unchanged, against a running server.</summary>
public sealed class OpenAiSdkTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private OpenAIClient Client => field ??= Connect(_server.Server.Keys.First);

    private ChatClient Chat => Client.GetChatClient(_server.Model.Id);

    public async ValueTask InitializeAsync() => _server = await RunningServer.OnSocketsAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private OpenAIClient Connect(string key) => new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = new(_server.Server.Address, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    [Fact]
    public async Task A_chat_is_answered()
    {
        ChatCompletion answer = await Chat.CompleteChatAsync(
            [new SystemChatMessage("Be brief."), new UserChatMessage("Hi")],
            new ChatCompletionOptions
            {
                Temperature = 0.2f,
                MaxOutputTokenCount = 5,
                TopP = 0.9f,
                IncludeLogProbabilities = true,
                TopLogProbabilityCount = 2,
                FrequencyPenalty = 0.1f,
                PresencePenalty = 0.1f,
                StopSequences = { "END" },
            });
        Assert.Equal("Hello", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(ChatMessageRole.Assistant, answer.Role);
        Assert.Equal(5, answer.Usage.OutputTokenCount);
        Assert.Equal(2, answer.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal("H", answer.ContentTokenLogProbabilities[0].Token);
        Assert.Equal(2, answer.ContentTokenLogProbabilities[0].TopLogProbabilities.Count);
    }

    [Fact]
    public async Task A_chat_is_streamed_and_ends_with_its_usage()
    {
        string text = "";
        ChatFinishReason? reason = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat.CompleteChatStreamingAsync(new UserChatMessage("Hi")))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            reason ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.Equal("Hello there", text);
        Assert.Equal(ChatFinishReason.Stop, reason);
        Assert.Equal(11, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Models_are_listed_and_described()
    {
        var models = Client.GetOpenAIModelClient();
        Assert.Contains(_server.Model.Id, (await models.GetModelsAsync()).Value.Select(listed => listed.Id));
        var model = (await models.GetModelAsync(_server.Model.Id)).Value;
        Assert.Equal("test-org", model.OwnedBy);
        Assert.Equal(_server.Model.Description.Created, model.CreatedAt);
    }

    [Fact]
    public async Task Errors_are_understood()
    {
        var wrongKey = await Assert.ThrowsAsync<ClientResultException>(() =>
            Connect("sk-wrong").GetChatClient(_server.Model.Id).CompleteChatAsync(new UserChatMessage("Hi")));
        Assert.Equal(401, wrongKey.Status);
        Assert.Contains("The API key is not valid", wrongKey.Message, StringComparison.Ordinal);

        var wrongModel = await Assert.ThrowsAsync<ClientResultException>(() =>
            Client.GetChatClient("gpt-4o").CompleteChatAsync(new UserChatMessage("Hi")));
        Assert.Equal(404, wrongModel.Status);
        Assert.Contains(_server.Model.Id, wrongModel.Message, StringComparison.Ordinal);

        _server.Model.Fake.Script = (_, _) => throw new GenerationException(GenerationFault.QueueFull, "The queue is full.");
        var busy = await Assert.ThrowsAsync<ClientResultException>(() => Chat.CompleteChatAsync(new UserChatMessage("Hi")));
        Assert.Equal(503, busy.Status);
    }
}
