using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>The fields of a message.</summary>
internal static class ChatMessages
{
    private const int MaxParts = 10_000;

    private static readonly Field<string> Role = new(
        "role",
        "Who speaks: system, developer (the same as system), user or assistant.",
        () => new() { ["type"] = "string", ["enum"] = new JsonArray("system", "developer", "user", "assistant") },
        ReadRole, required: true);

    private static readonly Field<string> PartType = Fields.Text("type", "The kind of part: text.", required: true);

    private static readonly Field<string> PartText = Fields.Text("text", "The part's text.", required: true);

    private static readonly Contract Part = new("TextPart", [PartType, PartText]);

    private static readonly Field<string> Content = new(
        "content",
        "What is said: a text, or an array of text parts, which are joined as they are.",
        () => new()
        {
            ["anyOf"] = new JsonArray(Fields.Schema("string"), new JsonObject { ["type"] = "array", ["items"] = Part.Schema() }),
        },
        ReadContent, required: true);

    public static Contract Contract { get; } = new(
        "ChatMessage",
        [
            Role,
            Content,
            new RefusedField("tool_calls", "tool calls are not available on this server."),
            new RefusedField("function_call", "tool calls are not available on this server."),
            new RefusedField("audio", "this server reads and writes text only."),
            new AdvisoryField("name"),
            new AdvisoryField("refusal"),
        ]);

    public static ChatMessage Read(FieldReader fields) => new(fields.Require(Role), fields.Require(Content));

    private static string ReadRole(RequestValue value) => value.Text() switch
    {
        "system" or "developer" => "system",
        "user" => "user",
        "assistant" => "assistant",
        "tool" or "function" => throw ApiException.Unsupported(
            value.Path, $"{value.Path} is not supported: tool calls are not available on this server."),
        _ => throw ApiException.Invalid(value.Path, $"{value.Path} must be system, developer, user or assistant."),
    };

    private static string ReadContent(RequestValue value) => value.Kind switch
    {
        JsonValueKind.String => value.Text(),
        JsonValueKind.Array => string.Concat(value.Items(MaxParts, "parts").Select(ReadPart)),
        _ => throw value.Expected("a string or an array of parts"),
    };

    private static string ReadPart(RequestValue value)
    {
        // The kind comes first: of another kind, no field means what it means in a text.
        string type = value.Members().Where(m => m.Name == "type").Select(m => m.Value.Text()).FirstOrDefault() ?? "text";
        if (type != "text")
            throw ApiException.Unsupported($"{value.Path}.type", $"{value.Path}.type is not supported: only text parts are.");
        var part = Part.Read(value);
        part.Require(PartType);
        return part.Require(PartText);
    }
}
