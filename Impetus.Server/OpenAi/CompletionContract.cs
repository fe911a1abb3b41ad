using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>The fields of a plain completion request.</summary>
internal static class CompletionContract
{
    public static readonly Field<IReadOnlyList<PlainPrompt>> Prompt = new(
        "prompt",
        "What is to be continued: a text, an array of texts, an array of token ids, or an array of such arrays.",
        () => new()
        {
            ["anyOf"] = new JsonArray(
                Fields.Schema("string"),
                ArrayOf(Fields.Schema("string")),
                ArrayOf(Fields.Schema("integer")),
                ArrayOf(ArrayOf(Fields.Schema("integer")))),
        },
        PlainPrompt.Read, required: true);

    public static readonly Field<int?> MaxTokens =
        Fields.Integer("max_tokens", 1, int.MaxValue, "At most so many tokens are written for each choice. Absent: 16.");

    public static readonly Field<bool?> Echo = Fields.Flag("echo", "Whether the answer begins with the prompt.");

    public static readonly Field<int?> Logprobs = Fields.Integer(
        "logprobs", 0, 5, "How many of the likeliest tokens come with each token's log-probability; with echo, the prompt's too.");

    public static readonly Field<int?> BestOf =
        Fields.Integer("best_of", 1, CommonFields.MaxChoices, "Only as many as n: all answers are returned.");

    public static Contract Contract { get; } = new(
        "CompletionRequest",
        [
            CommonFields.Model, CommonFields.KeepAlive, Prompt, MaxTokens, CommonFields.N, BestOf, Echo, Logprobs,
            .. StreamFields.All,
            .. SamplingFields.All,
            new RefusedField(
                "suffix",
                "text can be continued, not filled in.",
                value => value.ValueKind == JsonValueKind.String && value.ValueEquals("")),
            .. CommonFields.Advisory,
        ]);

    private static JsonObject ArrayOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };
}
