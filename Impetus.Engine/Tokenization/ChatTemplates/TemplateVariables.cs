using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>The names that a template may use, such as <c>messages</c>, <c>tools</c> and <c>add_generation_prompt</c>.</summary>
public static class TemplateVariables
{
    /// <summary>The members of a JSON object as variables.</summary>
    /// <exception cref="ArgumentException">The JSON is no object.</exception>
    public static Dictionary<string, TemplateValue> FromJson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"The variables of a template must be a JSON object, not {json.ValueKind}.", nameof(json));

        Dictionary<string, TemplateValue> variables = new(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject())
            variables[property.Name] = TemplateValue.FromJson(property.Value);
        return variables;
    }
}
