using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Impetus.Server.Http;

/// <summary>Reads a query string by a contract, as strictly as a body: numbers must be numbers, and unknown names are told as ignored.</summary>
internal static class QueryFields
{
    /// <exception cref="ApiException">A parameter is wrong or given twice.</exception>
    public static FieldReader Read(HttpContext context, Contract contract)
    {
        var types = contract.All.ToDictionary(field => field.Name, field => (string?)field.Schema()["type"], StringComparer.Ordinal);
        var members = new JsonObject();
        foreach (var (name, values) in context.Request.Query)
            members[name] = ToJson(name, values, types.GetValueOrDefault(name));
        using var document = JsonDocument.Parse(members.ToJsonString());
        var ignored = new IgnoredFields();
        var fields = contract.Read(new(document.RootElement.Clone(), "", ignored));
        ignored.WriteTo(context.Response);
        return fields;
    }

    private static JsonNode ToJson(string name, StringValues values, string? type)
    {
        if (values.Count != 1)
            throw ApiException.Invalid(name, $"{name} is given {values.Count} times; give it once.");
        string text = values[0] ?? "";
        return type == "integer" && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : text;
    }
}
