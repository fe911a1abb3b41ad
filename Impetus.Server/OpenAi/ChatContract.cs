using System.Text.Json;
using Impetus.Server.Conversations;
using Impetus.Server.Documents;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>The fields of a chat completion request.</summary>
internal static class ChatContract
{
    private const int MaxMessages = 10_000;
    private const string NoTools = "tool calls are not available on this server.";
    private const string NoGrammar = "answers cannot be bound to a format on this server.";
    private const string TextOnly = "this server reads and writes text only.";

    public static readonly Field<IReadOnlyList<ChatMessage>> Messages = Fields.List(
        "messages",
        MaxMessages,
        "messages",
        ChatMessages.Contract,
        ChatMessages.Read,
        "The conversation so far, oldest first.",
        required: true);

    public static readonly Field<int?> MaxCompletionTokens = Fields.Integer(
        "max_completion_tokens", 1, int.MaxValue, "At most so many tokens are written for each choice. Absent: until the context is full.");

    public static readonly Field<int?> MaxTokens =
        Fields.Integer("max_tokens", 1, int.MaxValue, "The older name of max_completion_tokens.");

    public static readonly Field<bool?> Logprobs =
        Fields.Flag("logprobs", "Whether each token of the answer comes with its log-probability.");

    public static readonly Field<int?> TopLogprobs =
        Fields.Integer("top_logprobs", 0, 20, "How many of the likeliest tokens come with each log-probability. Needs logprobs.");

    public static Contract Contract { get; } = new(
        "ChatCompletionRequest",
        [
            CommonFields.Model, CommonFields.KeepAlive, Messages, MaxCompletionTokens, MaxTokens, CommonFields.N, Logprobs, TopLogprobs,
            .. StreamFields.All,
            .. SamplingFields.All,
            new RefusedField("tools", NoTools),
            new RefusedField("tool_choice", NoTools, Is("none", "auto")),
            new RefusedField("parallel_tool_calls", NoTools, value => value.ValueKind == JsonValueKind.True),
            new RefusedField("functions", NoTools),
            new RefusedField("function_call", NoTools, Is("none", "auto")),
            new RefusedField("response_format", NoGrammar, IsPlainText),
            new RefusedField("grammar", NoGrammar),
            new RefusedField("guided_json", NoGrammar),
            new RefusedField("guided_regex", NoGrammar),
            new RefusedField("guided_choice", NoGrammar),
            new RefusedField("structured_outputs", NoGrammar),
            new RefusedField("modalities", TextOnly, IsTextAlone),
            new RefusedField("audio", TextOnly),
            new RefusedField("prediction", "predicted outputs are not used on this server."),
            new RefusedField("reasoning_effort", "the effort of reasoning cannot be set on this server.", Is("none")),
            new RefusedField("verbosity", "the length of answers cannot be set by name. Use max_completion_tokens.", Is("medium")),
            new RefusedField("web_search_options", "this server does not search the web."),
            RetrievalRequest.Field,
            RetrievalRequest.ContextDocuments,
            ConversationTurns.Field,
            new RefusedField("use_rag", "documents are asked for with retrieval."),
            .. CommonFields.Advisory,
        ]);

    private static Func<JsonElement, bool> Is(params string[] neutral) =>
        value => value.ValueKind == JsonValueKind.String && neutral.Any(text => value.ValueEquals(text));

    private static bool IsPlainText(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && Is("text")(type);

    private static bool IsTextAlone(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(Is("text"));
}
