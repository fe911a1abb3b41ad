using System.Text.Json.Nodes;

namespace Impetus.Server.Http;

/// <summary>The usual kinds of fields.</summary>
internal static class Fields
{
    /// <summary>The schema of a value that is known by its type alone.</summary>
    public static JsonObject Schema(string type) => new() { ["type"] = type };

    public static Field<string> Text(string name, string description, int maxLength = int.MaxValue, bool required = false) =>
        new(name, description, () => Schema("string"), value => value.Text(maxLength), required);

    public static Field<bool?> Flag(string name, string description) =>
        new(name, description, () => Schema("boolean"), value => value.Flag());

    public static Field<double?> Number(string name, Bounds bounds, string description) =>
        new(name, description, () => bounds.Schema(), value => value.Number(bounds));

    public static Field<int?> Integer(string name, int min, int max, string description) => new(
        name,
        description,
        () =>
        {
            var schema = new JsonObject { ["type"] = "integer", ["minimum"] = min };
            if (max != int.MaxValue)
                schema["maximum"] = max;
            return schema;
        },
        value => (int)value.Integer(min, max));

    /// <summary>An object with a contract of its own.</summary>
    public static Field<FieldReader> Object(string name, Contract contract, string description) =>
        new(name, description, contract.Schema, contract.Read);

    /// <summary>An array of objects that share a contract.</summary>
    public static Field<IReadOnlyList<T>> List<T>(
        string name, int max, string of, Contract contract, Func<FieldReader, T> read, string description, bool required = false) => new(
        name,
        description,
        () => new() { ["type"] = "array", ["maxItems"] = max, ["items"] = contract.Schema() },
        value => [.. value.Items(max, of).Select(item => read(contract.Read(item)))], required);
}
