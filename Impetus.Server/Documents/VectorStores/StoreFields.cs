using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>Fields that files and vector stores share.</summary>
internal static class StoreFields
{
    private const int MaxPairs = 16;
    private const int MaxKey = 64;
    private const int MaxValue = 512;

    public static readonly Field<int?> Limit = Fields.Integer("limit", 1, 100, "At most so many items. Absent: 20.");

    public static readonly Field<string> After = Fields.Text("after", "The page behind this id: last_id of the page before.", 256);

    public static readonly RefusedField Before = new("before", "pages go forward; pass after, with the order turned round.");

    /// <summary>Whether the oldest come first.</summary>
    public static readonly Field<bool?> Order = new(
        "order",
        "asc: oldest first; desc: newest first. Absent: desc.",
        () => new() { ["type"] = "string", ["enum"] = new JsonArray("asc", "desc") },
        value => value.Text(16) switch
        {
            "asc" => true,
            "desc" => false,
            _ => throw value.Expected("asc or desc"),
        });

    /// <summary>Chunking belongs to a collection, whose passages must be comparable.</summary>
    public static readonly RefusedField ChunkingStrategy = new(
        "chunking_strategy",
        "documents are cut as their collection says; make one with POST /v1/collections, which takes chunk_length and chunk_overlap.",
        value => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && type.ValueEquals("auto"));

    /// <summary>What OpenAI calls attributes is the metadata of a document.</summary>
    public static readonly Field<JsonElement?> Attributes = new(
        "attributes",
        "Up to 16 names of up to 64 characters with strings of up to 512 characters, numbers or booleans; filters see them.",
        () => Fields.Schema("object"),
        value => Pairs(value, textOnly: false));

    /// <summary>A store's own.</summary>
    public static readonly Field<JsonElement?> Metadata = new(
        "metadata",
        "Up to 16 names of up to 64 characters with strings of up to 512 characters.",
        () => Fields.Schema("object"),
        value => Pairs(value, textOnly: true));

    private static JsonElement? Pairs(RequestValue value, bool textOnly)
    {
        int count = 0;
        foreach (var (name, member) in value.Members())
        {
            if (++count > MaxPairs)
                throw ApiException.Invalid(value.Path, $"{value.Path} has more than {MaxPairs} names.");
            if (name.Length > MaxKey)
                throw ApiException.Invalid(value.Path, $"{value.Path} has a name of {name.Length} characters; at most {MaxKey} are allowed.");
            if (member.Kind == JsonValueKind.String || textOnly)
                member.Text(MaxValue);
            else if (member.Kind is not (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
                throw member.Expected("a string, a number or a boolean");
        }

        return value.Element.Clone();
    }
}
