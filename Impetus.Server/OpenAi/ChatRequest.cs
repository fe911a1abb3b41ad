using Impetus.Engine.Generation;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>A chat completion request that can be served: every field was honoured, refused or noted.</summary>
/// <param name="Model">The model that is to answer.</param>
/// <param name="Generation">What it is asked to write.</param>
/// <param name="Prompt">The text of the prompt.</param>
/// <param name="Stream">Whether the answer comes as events.</param>
/// <param name="IncludeUsage">Whether a last event tells the usage.</param>
internal sealed record ChatRequest(IChatModel Model, GenerationRequest Generation, string Prompt, bool Stream, bool IncludeUsage)
{
    public static ChatRequest Read(RequestValue body, ModelHost models)
    {
        var fields = ChatContract.Contract.Read(body);
        var model = models.Find(fields.Require(CommonFields.Model));
        var (stream, includeUsage) = StreamFields.Read(fields);
        string prompt = Render(model, fields.Require(ChatContract.Messages));
        var ids = model.Encode(prompt, addSpecialTokens: false);
        var generation = new GenerationRequest
        {
            Prompt = ids,
            Sampling = SamplingFields.Read(fields, model),
            MaxTokens = PromptLimit.Fit(ids.Count, MaxTokens(fields), model.Generator.ContextLength, "messages"),
            Stop = fields.Get(SamplingFields.Stop) ?? [],
            Choices = fields.Get(CommonFields.N) ?? 1,
            TopLogprobs = TopLogprobs(fields),
            StopAtEndOfSequence = !(fields.Get(SamplingFields.IgnoreEos) ?? false),
        };
        return new(model, generation, prompt, stream, includeUsage);
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
