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

    /// <summary>Reads an object's members, all of them, so that nothing is begun for a request with a fault in it. Null counts as absent.</summary>
    /// <exception cref="ApiException">It is no object, or a field in it is refused or has a wrong value.</exception>
    public FieldReader Read(RequestValue value)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, member) in value.Members())
        {
            if (member.Kind == JsonValueKind.Null)
                continue;
            switch (_byName.GetValueOrDefault(name))
            {
                case RefusedField or AdvisoryField when _byName[name].IsNeutral(member.Element):
                    break;
                case RefusedField refused:
                    throw ApiException.Unsupported(member.Path, $"{member.Path} is not supported: {refused.Reason}");
                case null or AdvisoryField:
                    member.Ignored.Add(member.Path);
                    break;
                case IHonouredField honoured:
                    members.Add(name, honoured.Read(member));
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
}

/// <summary>The honoured fields of one object, read by what they are.</summary>
internal sealed class FieldReader(RequestValue value, IReadOnlyDictionary<string, object?> members)
{
    /// <summary>The object itself.</summary>
    public RequestValue Value { get; } = value;

    public bool Has(Field field) => members.ContainsKey(field.Name);

    /// <summary>A field's value; the type's default if it is absent.</summary>
    public T? Get<T>(Field<T> field) => members.TryGetValue(field.Name, out object? member) ? (T?)member : default;

    /// <summary>A field's value.</summary>
    /// <exception cref="ApiException">It is absent.</exception>
    public T Require<T>(Field<T> field) => members.TryGetValue(field.Name, out object? member) ? (T)member! : throw Missing(field);

    /// <summary>The path of one of its fields.</summary>
    public string PathOf(Field field) => Value.Member(field.Name, default).Path;

    private ApiException Missing(Field field) => ApiException.Invalid(
        PathOf(field), $"{PathOf(field)} is required: {field.Description}", "missing_required_parameter");
}
