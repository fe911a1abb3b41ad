using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Fields that several routes of the library share.</summary>
internal static class LibraryFields
{
    public static readonly Field<int?> Limit = Fields.Integer("limit", 1, 1000, "At most so many items.");

    public static readonly Field<string> After = Fields.Text("after", "The page after this: next of the page before.", 256);

    public static readonly Field<JsonElement?> Metadata = new(
        "metadata",
        "A JSON object of your own, at most 16 KB; filters see it.",
        () => Fields.Schema("object"),
        value => value.Kind == JsonValueKind.Object ? value.Element.Clone() : throw value.Expected("a JSON object"));

    /// <summary>The name of a collection; a slash in it could not be written in a path.</summary>
    public static Field<string> Collection(string name, string description, bool required = false) =>
        new(name, description, () => Fields.Schema("string"), CollectionName, required);

    public static string CollectionName(RequestValue value) => value.Text() is var name && !name.Contains('/')
        ? name
        : throw ApiException.Invalid(value.Path, $"{value.Path} must not have a slash in it.");

    /// <summary>A moment: ISO 8601 with its offset, or seconds since 1970.</summary>
    public static Field<DateTimeOffset?> Moment(string name, string description) => new(
        name,
        description,
        () => new() { ["anyOf"] = new JsonArray(Fields.Schema("string"), Fields.Schema("integer")) },
        value => value.Kind == JsonValueKind.Number
            ? DateTimeOffset.FromUnixTimeSeconds(value.Integer(0, MaxSeconds))
            : DateTimeOffset.TryParse(value.Text(64), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? moment
                : throw value.Expected("a date such as 2024-05-01T12:00:00Z, or seconds since 1970"));

    // The year 9999.
    private const long MaxSeconds = 253_402_300_799;
}
