using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>The special tokens that a tokenizer's configuration names, as variables of its templates.</summary>
internal static class SpecialTokens
{
    private const string Additional = "additional_special_tokens";

    /// <summary>
    /// Adds every member whose name ends with <c>_token</c> and whose value is a text or an object with <c>content</c>
    /// (<c>bos_token</c>, <c>eos_token</c>, <c>image_token</c> …), and the list of additional ones.
    /// </summary>
    public static void AddTo(Dictionary<string, TemplateValue> variables, JsonElement config)
    {
        foreach (JsonProperty member in config.EnumerateObject())
        {
            if (member.Name.EndsWith("_token", StringComparison.Ordinal) && Content(member.Value) is { } token)
                variables[member.Name] = TemplateValue.From(token);
            else if (member.Name == Additional && member.Value.ValueKind == JsonValueKind.Array)
                variables[Additional] = new ListValue([.. member.Value.EnumerateArray().Select(Content).OfType<string>().Select(TemplateValue.From)]);
        }
    }

    private static string? Content(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("content", out JsonElement content) => Content(content),
        _ => null,
    };
}
