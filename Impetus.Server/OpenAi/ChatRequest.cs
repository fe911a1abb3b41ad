using Impetus.Engine.Generation;
using Impetus.Server.Conversations;
using Impetus.Server.Documents;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>A chat completion request that can be served: every field was honoured, refused or noted.</summary>
/// <param name="Model">The model that is to answer.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Generation">What it is asked to write.</param>
/// <param name="Prompt">The text of the prompt.</param>
/// <param name="Stream">Whether the answer comes as events.</param>
/// <param name="IncludeUsage">Whether a last event tells the usage.</param>
/// <param name="WantedTokens">The answer's limit, as it was asked for.</param>
/// <param name="Retrieval">How to answer from the library, if it is to.</param>
/// <param name="ContextDocuments">Texts to answer from that came with it.</param>
internal sealed record ChatRequest(
    IChatModel Model,
    IReadOnlyList<ChatMessage> Messages,
    GenerationRequest Generation,
    string Prompt,
    bool Stream,
    bool IncludeUsage,
    int? WantedTokens,
    RetrievalRequest? Retrieval,
    IReadOnlyList<string> ContextDocuments)
{
    /// <summary>The kept conversation that it continues, if it names one.</summary>
    public string? ConversationId { get; init; }

    public static async Task<ChatRequest> ReadAsync(RequestValue body, HttpContext context)
    {
        var fields = ChatContract.Contract.Read(body);
        var (stream, includeUsage) = StreamFields.Read(fields);
        var messages = fields.Require(ChatContract.Messages);
        int? wanted = MaxTokens(fields), topLogprobs = TopLogprobs(fields);
        int choices = fields.Get(CommonFields.N) ?? 1;
        var documents = fields.Get(RetrievalRequest.ContextDocuments) ?? [];
        var retrieval = fields.Get(RetrievalRequest.Field);
        if (choices > 1 && (retrieval is not null || documents.Count > 0))
            throw ApiException.Invalid("n", "n must be 1 where an answer is made from documents: each sentence is cited.");
        string? conversation = fields.Get(ConversationTurns.Field);
        if (choices > 1 && conversation is not null)
            throw ApiException.Invalid("n", "n must be 1 in a conversation that is kept: it goes on from one answer.");

        // What follows depends on the model, which this may load.
        var model = await context.UseChatModelAsync(fields.Require(CommonFields.Model), fields.Get(CommonFields.KeepAlive));
        string prompt = Render(model, messages);
        var ids = model.Encode(prompt, addSpecialTokens: false);
        var generation = new GenerationRequest
        {
            Prompt = ids,
            Sampling = SamplingFields.Read(fields, model),
            MaxTokens = PromptLimit.Fit(ids.Count, wanted, model.Generator.ContextLength, "messages"),
            Stop = fields.Get(SamplingFields.Stop) ?? [],
            Choices = choices,
            TopLogprobs = topLogprobs,
            StopAtEndOfSequence = !(fields.Get(SamplingFields.IgnoreEos) ?? false),
        };
        return new(model, messages, generation, prompt, stream, includeUsage, wanted, retrieval, documents) { ConversationId = conversation };
    }

    /// <summary>The same request with another conversation.</summary>
    /// <exception cref="ApiException">It does not fit, or the template refuses it.</exception>
    public ChatRequest Saying(IReadOnlyList<ChatMessage> messages)
    {
        string prompt = Render(Model, messages);
        var ids = Model.Encode(prompt, addSpecialTokens: false);
        var maxTokens = PromptLimit.Fit(ids.Count, WantedTokens, Model.Generator.ContextLength, "messages");
        return this with { Messages = messages, Prompt = prompt, Generation = Generation with { Prompt = ids, MaxTokens = maxTokens } };
    }

    private static string Render(IChatModel model, IReadOnlyList<ChatMessage> messages)
    {
        try
        {
            return model.Render(messages);
        }
        catch (PromptException fault)
        {
            throw ApiException.Invalid("messages", $"The model's chat template refuses these messages: {fault.Message}");
        }
    }

    private static int? MaxTokens(FieldReader fields)
    {
        var (newer, older) = (fields.Get(ChatContract.MaxCompletionTokens), fields.Get(ChatContract.MaxTokens));
        return newer is null || older is null || newer == older
            ? newer ?? older
            : throw ApiException.Invalid("max_tokens", $"max_tokens is {older}, but max_completion_tokens is {newer}. Send one of them.");
    }

    private static int? TopLogprobs(FieldReader fields)
    {
        int top = fields.Get(ChatContract.TopLogprobs) ?? 0;
        if (fields.Get(ChatContract.Logprobs) == true)
            return top;
        return top == 0 ? null : throw ApiException.Invalid("top_logprobs", "top_logprobs needs \"logprobs\": true.");
    }
}
