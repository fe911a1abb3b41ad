using System.Text.Json;
using Impetus.Retrieval.Searching;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Reads conditions on metadata: <c>{"year": {"gte": 1990}, "kind": ["letter", "note"], "read": true}</c>.</summary>
internal static class MetadataFilter
{
    private const int MaxConditions = 32;

    public static IReadOnlyList<DocumentFilter> Read(RequestValue value)
    {
        var conditions = value.Members().SelectMany(member => OfMember(member.Name, member.Value)).ToList();
        return conditions.Count <= MaxConditions
            ? conditions
            : throw ApiException.Invalid(value.Path, $"{value.Path} has {conditions.Count} conditions; at most {MaxConditions} are allowed.");
    }

    private static IEnumerable<DocumentFilter> OfMember(string key, RequestValue value) => value.Kind switch
    {
        JsonValueKind.Array => [Compare(key, Comparison.In, value)],
        JsonValueKind.Object => value.Members().Select(member => Compare(key, Named(member.Name, member.Value.Path), member.Value)),
        _ => [Compare(key, Comparison.Equal, value)],
    };

    /// <summary>A condition, whose value is checked.</summary>
    public static DocumentFilter.Metadata Compare(string key, Comparison comparison, RequestValue value)
    {
        bool many = comparison is Comparison.In or Comparison.NotIn;
        bool fits = many
            ? value.Kind == JsonValueKind.Array && value.Element.EnumerateArray().All(item => IsScalar(item.ValueKind))
            : IsScalar(value.Kind);
        return fits
            ? new DocumentFilter.Metadata(key, comparison, value.Element.Clone())
            : throw value.Expected(many ? "an array of strings, numbers or booleans" : "a string, a number or a boolean");
    }

    private static bool IsScalar(JsonValueKind kind) =>
        kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    /// <summary>A comparison by its name, which stands at <paramref name="path"/>.</summary>
    public static Comparison Named(string name, string path) => name switch
    {
        "eq" => Comparison.Equal,
        "ne" => Comparison.NotEqual,
        "gt" => Comparison.Greater,
        "gte" => Comparison.GreaterOrEqual,
        "lt" => Comparison.Less,
        "lte" => Comparison.LessOrEqual,
        "in" => Comparison.In,
        "nin" => Comparison.NotIn,
        _ => throw ApiException.Unsupported(path, $"{path} is not supported: a comparison is eq, ne, gt, gte, lt, lte, in or nin."),
    };
}
