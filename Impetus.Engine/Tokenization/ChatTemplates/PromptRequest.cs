using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>A conversation that is to become a prompt, in the shapes of OpenAI's API.</summary>
public sealed record PromptRequest
{
    /// <summary>The messages: a JSON array of objects with <c>role</c> and <c>content</c>.</summary>
    public required JsonElement Messages { get; init; }

    /// <summary>The tools that the model may call, a JSON array; null or an empty array for none.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Documents for templates that take them, a JSON array; null for none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>Whether the prompt ends with the beginning of the assistant's answer.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Further variables of the template, such as <c>enable_thinking</c>; they hide the special tokens of the same name.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Variables { get; init; } = new Dictionary<string, TemplateValue>();

    /// <summary>The name of the template to use; null for the usual one.</summary>
    public string? TemplateName { get; init; }
}
