using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Engine.Embedding;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>A request for embeddings whose form is right: every field was honoured, refused or noted.</summary>
/// <param name="Model">The model that it names.</param>
/// <param name="KeepAlive">How long the model is to stay.</param>
/// <param name="Input">What is to be embedded.</param>
/// <param name="Options">How.</param>
/// <param name="Base64">Whether vectors are sent as base64 of little-endian floats.</param>
internal sealed record EmbeddingRequest(string Model, KeepAlive? KeepAlive, EmbeddingInput Input, EmbedOptions Options, bool Base64)
{
    private static readonly Field<string> ModelField = Fields.Text("model", "The id of an embedding model, as GET /v1/models lists it.", 512, required: true);

    private static readonly Field<EmbeddingInput> InputField = new(
        "input",
        "A text, a list of texts, the token ids of a text, or a list of such lists.",
        () => new() { ["anyOf"] = new JsonArray(Fields.Schema("string"), Fields.Schema("array")) },
        EmbeddingInput.Read, required: true);

    private static readonly Field<bool?> Format = new(
        "encoding_format",
        "float: vectors are lists of numbers; base64: the same numbers as little-endian floats.",
        () => new() { ["type"] = "string", ["enum"] = new JsonArray("float", "base64") },
        value => value.Text() switch
        {
            "float" => false,
            "base64" => true,
            _ => throw value.Expected("\"float\" or \"base64\""),
        });

    private static readonly Field<int?> Dimensions = Fields.Integer(
        "dimensions", 1, int.MaxValue, "Only the first so many numbers, brought to unit length again. Not below what the model was trained for.");

    private static readonly Field<InputType?> Type = new(
        "input_type",
        "Puts the model's own prefix for queries or documents before each text. Absent: texts go in bare.",
        () => new() { ["type"] = "string", ["enum"] = new JsonArray("query", "document") },
        value => value.Text() switch
        {
            "query" => InputType.Query,
            "document" => InputType.Document,
            _ => throw value.Expected("\"query\" or \"document\""),
        });

    private static readonly Field<bool?> Truncate = Fields.Flag(
        "truncate", "Whether inputs that are too long are cut, and listed in the answer's truncated. Absent: they are refused.");

    public static Contract Contract { get; } = new(
        "EmbeddingRequest", [ModelField, CommonFields.KeepAlive, InputField, Format, Dimensions, Type, Truncate, .. CommonFields.Advisory]);

    public static EmbeddingRequest Read(RequestValue body)
    {
        var fields = Contract.Read(body);
        var input = fields.Require(InputField);
        var type = fields.Get(Type);
        if (type is not null && input.Tokens is not null)
            throw ApiException.Invalid("input_type", "input_type is for texts: token ids are read as they are.");
        var options = new EmbedOptions { Dimensions = fields.Get(Dimensions), InputType = type, Truncate = fields.Get(Truncate) ?? false };
        return new(fields.Require(ModelField), fields.Get(CommonFields.KeepAlive), input, options, fields.Get(Format) ?? false);
    }
}

/// <summary>What is to be embedded: texts, or texts as token ids.</summary>
/// <param name="Texts">Null if they are token ids.</param>
/// <param name="Tokens">Null if they are texts.</param>
/// <param name="IsSingle">Whether it was sent as one text and no list.</param>
internal sealed record EmbeddingInput(IReadOnlyList<string>? Texts, IReadOnlyList<int[]>? Tokens, bool IsSingle = false)
{
    /// <summary>OpenAI's own bound.</summary>
    public const int MaxInputs = 2048;

    private const int MaxTokens = 1 << 20;

    /// <exception cref="ApiException">It has another form, or one of the inputs is empty.</exception>
    public static EmbeddingInput Read(RequestValue value)
    {
        if (value.Kind == JsonValueKind.String)
            return new([Text(value)], null, IsSingle: true);
        if (value.Kind != JsonValueKind.Array)
            throw value.Expected("a text, a list of texts, token ids or a list of lists of token ids");
        if (value.Element.GetArrayLength() == 0)
            throw ApiException.Invalid(value.Path, "input is an empty list. Send at least one text.", "empty_input");
        return value.Element[0].ValueKind switch
        {
            JsonValueKind.Number => new(null, [Ids(value)], IsSingle: true),
            JsonValueKind.Array => new(null, [.. value.Items(MaxInputs, "inputs").Select(Ids)]),
            _ => new([.. value.Items(MaxInputs, "inputs").Select(Text)], null),
        };
    }

    private static string Text(RequestValue value) => value.Text() is { Length: > 0 } text ? text : throw Empty(value);

    private static int[] Ids(RequestValue value) => value.Kind == JsonValueKind.Array && value.Element.GetArrayLength() == 0
        ? throw Empty(value)
        : [.. value.Items(MaxTokens, "tokens").Select(id => (int)id.Integer(0, int.MaxValue))];

    private static ApiException Empty(RequestValue value) =>
        ApiException.Invalid(value.Path, $"{value.Path} is empty, and nothing has no meaning.", "empty_input");
}
