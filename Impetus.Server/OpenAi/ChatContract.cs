using System.Text.Json;
using System.Text.Json.Nodes;
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
    private const string NoLibrary = "the chat route does not search documents.";

    public static readonly Field<string> Model = Fields.Text("model", "The id of a model, as GET /v1/models lists it.", 512, required: true);

    public static readonly Field<IReadOnlyList<ChatMessage>> Messages = Fields.List(
        "messages", MaxMessages, "messages", ChatMessages.Contract, ChatMessages.Read, "The conversation so far, oldest first.", required: true);

    public static readonly Field<int?> MaxCompletionTokens = Fields.Integer(
        "max_completion_tokens", 1, int.MaxValue, "At most so many tokens are written for each choice. Absent: until the context is full.");

    public static readonly Field<int?> MaxTokens =
        Fields.Integer("max_tokens", 1, int.MaxValue, "The older name of max_completion_tokens.");

    public static readonly Field<int?> N = Fields.Integer("n", 1, 128, "How many answers are written.");

    public static readonly Field<bool?> Logprobs =
        Fields.Flag("logprobs", "Whether each token of the answer comes with its log-probability.");

    public static readonly Field<int?> TopLogprobs =
        Fields.Integer("top_logprobs", 0, 20, "How many of the likeliest tokens come with each log-probability. Needs logprobs.");

    public static Contract Contract { get; } = new(
        "ChatCompletionRequest",
        [
            Model, Messages, MaxCompletionTokens, MaxTokens, N, Logprobs, TopLogprobs,
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
            new RefusedField("context_documents", NoLibrary),
            new RefusedField("retrieval", NoLibrary),
            new RefusedField("use_rag", NoLibrary),
            .. AdvisoryFields.All,
        ]);

    private static Func<JsonElement, bool> Is(params string[] neutral) =>
        value => value.ValueKind == JsonValueKind.String && neutral.Any(text => value.ValueEquals(text));

    private static bool IsPlainText(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && Is("text")(type);

    private static bool IsTextAlone(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(Is("text"));
}

/// <summary>Fields that OpenAI's own service uses for its own ends.</summary>
internal static class AdvisoryFields
{
    public static IReadOnlyList<Field> All { get; } =
    [
        .. new[] { "user", "metadata", "store", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier" }
            .Select(name => new AdvisoryField(name)),
    ];
}

/// <summary>The fields by which a request asks for a stream.</summary>
internal static class StreamFields
{
    public static readonly Field<bool?> Stream =
        Fields.Flag("stream", "Whether the answer comes as server-sent events, ended by [DONE].");

    public static readonly Field<bool?> IncludeUsage =
        Fields.Flag("include_usage", "Whether a last event without choices tells the usage.");

    private static readonly Contract Options =
        new("StreamOptions", [IncludeUsage, new AdvisoryField("include_obfuscation")]);

    public static readonly Field<FieldReader> StreamOptions = Fields.Object("stream_options", Options, "More about the stream. Needs stream.");

    public static IReadOnlyList<Field> All { get; } = [Stream, StreamOptions];

    /// <exception cref="ApiException">Options were given without a stream.</exception>
    public static (bool Stream, bool IncludeUsage) Read(FieldReader fields)
    {
        bool stream = fields.Get(Stream) ?? false;
        if (fields.Get(StreamOptions) is not { } options)
            return (stream, false);
        return stream
            ? (true, options.Get(IncludeUsage) ?? false)
            : throw ApiException.Invalid("stream_options", "stream_options needs \"stream\": true.");
    }
}
