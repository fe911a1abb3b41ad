using System.Text.Json;
using Impetus.Retrieval.Searching;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>Reads OpenAI's filters: <c>{"type": "and", "filters": [{"type": "gte", "key": "year", "value": 1990}, …]}</c>.</summary>
internal static class AttributeFilter
{
    private const int MaxFilters = 32;

    private static readonly Field<string> Type = Fields.Text("type", "What the filter does.", 16, required: true);

    private static readonly Field<string> Key = Fields.Text("key", "The attribute.", 256, required: true);

    private static readonly Field<RequestValue?> Value = new("value", "What it is compared with.", () => [], value => value, required: true);

    private static readonly Field<IReadOnlyList<DocumentFilter>> Parts = new(
        "filters", "What is joined.", () => Fields.Schema("array"), value => [.. value.Items(MaxFilters, "filters").Select(Read)], required: true);

    private static readonly Contract Contract = new("AttributeFilter", [Type, Key, Value, Parts]);

    public static DocumentFilter Read(RequestValue value)
    {
        var fields = Contract.Read(value);
        string type = fields.Require(Type);
        return type switch
        {
            "and" => new DocumentFilter.All(fields.Require(Parts)),
            "or" => new DocumentFilter.Any(fields.Require(Parts)),
            _ => MetadataFilter.Compare(fields.Require(Key), MetadataFilter.Named(type, fields.PathOf(Type)), fields.Require(Value)!.Value),
        };
    }
}
