using Impetus.Engine.Generation;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>A completion request that can be served.</summary>
/// <param name="Model">The model that is to write.</param>
/// <param name="Prompts">What it is asked to write, for each prompt.</param>
/// <param name="Stream">Whether the answer comes as events.</param>
/// <param name="IncludeUsage">Whether a last event tells the usage.</param>
internal sealed record CompletionRequest(IChatModel Model, IReadOnlyList<PromptGeneration> Prompts, bool Stream, bool IncludeUsage)
{
    private const int UsualMaxTokens = 16;

    /// <summary>All answers, those to the first prompt first.</summary>
    public int Choices => Prompts.Count * Prompts[0].Generation.Choices;

    public static async Task<CompletionRequest> ReadAsync(RequestValue body, HttpContext context)
    {
        var fields = CompletionContract.Contract.Read(body);
        var (stream, includeUsage) = StreamFields.Read(fields);
        var prompts = fields.Require(CompletionContract.Prompt);
        bool echo = fields.Get(CompletionContract.Echo) ?? false;
        int? logprobs = fields.Get(CompletionContract.Logprobs);
        int choices = Choose(fields, prompts.Count);

        // What follows depends on the model, which this may load.
        var model = await context.UseChatModelAsync(fields.Require(CommonFields.Model), fields.Get(CommonFields.KeepAlive));
        var common = new GenerationRequest
        {
            Prompt = [],
            Sampling = SamplingFields.Read(fields, model),
            Stop = fields.Get(SamplingFields.Stop) ?? [],
            Choices = choices,
            TopLogprobs = logprobs,
            PromptLogprobs = echo && logprobs is not null,
            StopAtEndOfSequence = !(fields.Get(SamplingFields.IgnoreEos) ?? false),
        };
        int wanted = fields.Get(CompletionContract.MaxTokens) ?? UsualMaxTokens;
        return new(model, [.. prompts.Select(prompt => Prepare(prompt, common, wanted, echo, model))], stream, includeUsage);
    }

    private static PromptGeneration Prepare(PlainPrompt prompt, GenerationRequest common, int wanted, bool echo, IChatModel model)
    {
        var ids = prompt.Encode(model);
        var generation = common with
        {
            Prompt = ids,
            MaxTokens = PromptLimit.Fit(ids.Count, wanted, model.Generator.ContextLength, "prompt"),
        };
        return new(generation, echo ? prompt.Text ?? model.Decode(ids) : null);
    }

    private static int Choose(FieldReader fields, int prompts)
    {
        int n = fields.Get(CommonFields.N) ?? 1;
        if (fields.Get(CompletionContract.BestOf) is { } best && best != n)
            throw ApiException.Unsupported(
                "best_of", $"best_of is {best}, but n is {n}: choosing the best of several answers is not supported.");
        return prompts * n <= CommonFields.MaxChoices
            ? n
            : throw ApiException.Invalid(
                "n", $"{prompts} prompts with n = {n} are {prompts * n} answers; at most {CommonFields.MaxChoices} are allowed.");
    }
}

/// <param name="Generation">What the model is asked to write to one prompt.</param>
/// <param name="Echo">The prompt's text, if the answer is to begin with it.</param>
internal sealed record PromptGeneration(GenerationRequest Generation, string? Echo);
