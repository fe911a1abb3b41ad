using System.Text.Json;
using System.Text.Json.Nodes;

namespace Impetus.Server.Http;

/// <summary>
/// All the fields of a request, or of an object in one. A field is honoured, refused by name, or noted as ignored; nothing else
/// can happen to it.
/// </summary>
internal sealed class Contract(string name, params IReadOnlyList<Field> fields)
{
    private readonly Dictionary<string, Field> _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>What the object is called.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<Field> All { get; } = fields;

    /// <summary>Sorts an object's members. Null counts as absent.</summary>
    /// <exception cref="ApiException">It is no object, or a field in it is refused.</exception>
    public FieldReader Read(RequestValue value)
    {
        if (value.Kind != JsonValueKind.Object)
            throw value.Expected("a JSON object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.Element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            string name = NameOf(member, value);
            switch (_byName.GetValueOrDefault(name))
            {
                case RefusedField refused when !refused.IsNeutral(member.Value):
                    string path = value.Member(name, member.Value).Path;
                    throw ApiException.Unsupported(path, $"{path} is not supported: {refused.Reason}");
                case RefusedField:
                    break;
                case null or AdvisoryField:
                    value.Ignored.Add(value.Member(name, member.Value).Path);
                    break;
                default:
                    members.Add(name, member.Value);
                    break;
            }
        }

        return new(value, members);
    }

    public JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var field in All)
        {
            var schema = field.Schema();
            schema["description"] = field.Description;
            properties[field.Name] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (All.Any(field => field.Required))
            result["required"] = new JsonArray([.. All.Where(field => field.Required).Select(field => (JsonNode)field.Name)]);
        return result;
    }

    private static string NameOf(JsonProperty member, RequestValue value)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Invalid(value.Path.Length == 0 ? null : value.Path, "A field's name holds half of a surrogate pair.");
        }
    }
}

/// <summary>The honoured fields of one object, read by what they are.</summary>
internal sealed class FieldReader(RequestValue value, IReadOnlyDictionary<string, JsonElement> members)
{
    /// <summary>The object itself.</summary>
    public RequestValue Value { get; } = value;

    public bool Has(Field field) => members.ContainsKey(field.Name);

    /// <summary>A field's value; the type's default if it is absent.</summary>
    /// <exception cref="ApiException">Its value is wrong.</exception>
    public T? Get<T>(Field<T> field) =>
        members.TryGetValue(field.Name, out var element) ? field.Read(Value.Member(field.Name, element)) : default;

    /// <summary>A field's value.</summary>
    /// <exception cref="ApiException">It is absent, or its value is wrong.</exception>
    public T Require<T>(Field<T> field) =>
        members.TryGetValue(field.Name, out var element) ? field.Read(Value.Member(field.Name, element)) : throw Missing(field);

    private ApiException Missing(Field field)
    {
        string path = Value.Member(field.Name, default).Path;
        return ApiException.Invalid(path, $"{path} is required: {field.Description}", "missing_required_parameter");
    }
}
