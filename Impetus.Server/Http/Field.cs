using System.Text.Json;
using System.Text.Json.Nodes;

namespace Impetus.Server.Http;

/// <summary>One field of a request's contract, known by name to the reader, the OpenAPI document and the tests of the pages.</summary>
internal abstract class Field(string name, string description, bool required = false)
{
    public string Name { get; } = name;

    /// <summary>One sentence for those who call.</summary>
    public string Description { get; } = description;

    /// <summary>Whether a request without it is refused.</summary>
    public bool Required { get; } = required;

    /// <summary>Its JSON schema, without the description. A new copy each time.</summary>
    public abstract JsonObject Schema();

    /// <summary>Whether a value asks for nothing, so that it means the same as no value.</summary>
    public virtual bool IsNeutral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}

/// <summary>A field that we honour, whatever it holds.</summary>
internal interface IHonouredField
{
    /// <summary>What a value of it means.</summary>
    /// <exception cref="ApiException">The value is wrong.</exception>
    object? Read(RequestValue value);
}

/// <summary>A field that we honour.</summary>
internal sealed class Field<T>(
    string name, string description, Func<JsonObject> schema, Func<RequestValue, T> read, bool required = false)
    : Field(name, description, required), IHonouredField
{
    public T Read(RequestValue value) => read(value);

    object? IHonouredField.Read(RequestValue value) => read(value);

    public override JsonObject Schema() => schema();
}

/// <summary>A field that is known, allowed and of no consequence here.</summary>
internal sealed class AdvisoryField(string name) : Field(name, "Accepted and ignored; the response says so.")
{
    public override JsonObject Schema() => [];
}

/// <summary>A field that is known and cannot be honoured: only values that ask for nothing pass.</summary>
internal sealed class RefusedField(string name, string reason, Func<JsonElement, bool>? neutral = null)
    : Field(name, $"Not supported: {reason}")
{
    public string Reason { get; } = reason;

    public override JsonObject Schema() => [];

    public override bool IsNeutral(JsonElement value) => base.IsNeutral(value) || neutral?.Invoke(value) == true;
}
