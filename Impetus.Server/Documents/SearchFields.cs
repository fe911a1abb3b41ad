using System.Text.Json.Nodes;
using Impetus.Retrieval.Searching;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Where and how to search: fields that a search and an answer from documents share.</summary>
internal static class SearchFields
{
    private const int MaxItems = 1000;

    public static readonly Field<IReadOnlyList<string>> Collections = Strings("collections", "Only these collections. Absent: all.");

    public static readonly Field<int?> TopK = Fields.Integer("top_k", 1, 100, "At most so many passages. Absent: 5.");

    private static readonly Field<IReadOnlyList<string>> Documents = Strings("documents", "Only documents with these ids.");

    private static readonly Field<IReadOnlyList<string>> Sources = Strings("sources", "Only documents that came from these sources.");

    private static readonly Field<DateTimeOffset?> From = LibraryFields.Moment("modified_from", "Only documents modified (or else added) then or later.");

    private static readonly Field<DateTimeOffset?> To = LibraryFields.Moment("modified_before", "Only documents modified (or else added) before.");

    private static readonly Field<IReadOnlyList<DocumentFilter>> Metadata = new(
        "metadata",
        "Only documents whose metadata has these members: a value, an array of possible values, or an object with eq, ne, gt, gte, lt, lte, in or nin.",
        () => Fields.Schema("object"),
        MetadataFilter.Read);

    private static readonly Contract FilterContract = new("DocumentFilters", [Documents, Sources, From, To, Metadata]);

    public static readonly Field<DocumentFilter.All> Filters = new(
        "filters", "Conditions on documents, all of which must hold.", FilterContract.Schema, ReadFilters);

    public static readonly Field<bool?> Rerank = Fields.Flag(
        "rerank", "Whether the installed cross-encoder orders the best fifty anew. Refused where none is installed.");

    /// <summary>The mode's names, and what else one may be called.</summary>
    public static Field<T?> Mode<T>(string description, params (string Name, T Value)[] modes) where T : struct, Enum => new(
        "mode",
        description,
        () => new() { ["type"] = "string", ["enum"] = new JsonArray([.. modes.Select(mode => (JsonNode)mode.Name)]) },
        value => value.Text(64) is var name && Array.FindIndex(modes, mode => mode.Name == name) is >= 0 and var found
            ? modes[found].Value
            : throw value.Expected($"one of {string.Join(", ", modes.Select(mode => mode.Name))}"));

    private static Field<IReadOnlyList<string>> Strings(string name, string description) => new(
        name,
        description,
        () => new() { ["type"] = "array", ["maxItems"] = MaxItems, ["items"] = Fields.Schema("string") },
        value => [.. value.Items(MaxItems, name).Select(item => item.Text(4096))]);

    private static DocumentFilter.All ReadFilters(RequestValue value)
    {
        var fields = FilterContract.Read(value);
        var all = new List<DocumentFilter>();
        if (fields.Get(Documents) is { } ids)
            all.Add(new DocumentFilter.Documents(ids));
        if (fields.Get(Sources) is { } sources)
            all.Add(new DocumentFilter.Sources(sources));
        if (fields.Has(From) || fields.Has(To))
            all.Add(new DocumentFilter.Dates(fields.Get(From), fields.Get(To)));
        all.AddRange(fields.Get(Metadata) ?? []);
        return new DocumentFilter.All(all);
    }
}
