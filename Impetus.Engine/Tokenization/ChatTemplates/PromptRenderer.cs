using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>Turns a conversation into a model's prompt, with everything that <c>transformers</c> does around the template.</summary>
/// <remarks>
/// It chooses the template, normalises the messages (<see cref="MessageNormalizer"/>), adds the special tokens, and
/// defines <c>tools</c> and <c>documents</c> as none when there are none. Encode its result without adding special
/// tokens: the template wrote them. Safe for any number of threads.
/// </remarks>
public sealed class PromptRenderer
{
    private readonly ChatTemplateLibrary _templates;
    private readonly TimeProvider _clock;

    /// <summary>A renderer for one model.</summary>
    /// <param name="templates">The model's templates and special tokens.</param>
    /// <param name="clock">What <c>strftime_now</c> sees; null for the system's clock.</param>
    public PromptRenderer(ChatTemplateLibrary templates, TimeProvider? clock = null)
    {
        _templates = templates;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Whether the model has a template at all.</summary>
    public bool HasTemplate => _templates.Templates.Count > 0;

    /// <summary>The text of each of the model's templates.</summary>
    public IEnumerable<string> Sources => _templates.Templates.Values.Select(template => template.Source);

    /// <summary>Renders a prompt.</summary>
    /// <exception cref="TemplateException">
    /// The model has no fitting template, or the template raised an error; a message of kind
    /// <see cref="TemplateErrorKind.Raised"/> is meant for whoever sent the conversation.
    /// </exception>
    public string Render(PromptRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        TemplateValue tools = OrNone(request.Tools);
        ChatTemplate template = _templates.Find(request.TemplateName, hasTools: tools is ListValue)
            ?? throw new TemplateException(TemplateErrorKind.Runtime, request.TemplateName is null
                ? "The model has no chat template: use the completions route, or a model that is made for conversation."
                : $"The model has no chat template named '{request.TemplateName}'.");

        Dictionary<string, TemplateValue> variables = new(_templates.SpecialTokens, StringComparer.Ordinal);
        foreach ((string name, TemplateValue value) in request.Variables)
            variables[name] = value;
        variables["messages"] = MessageNormalizer.Normalize(TemplateValue.FromJson(request.Messages));
        variables["tools"] = tools;
        variables["documents"] = OrNone(request.Documents);
        variables["add_generation_prompt"] = TemplateValue.From(request.AddGenerationPrompt);
        return template.Render(variables, _clock);
    }

    private static TemplateValue OrNone(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0 ? TemplateValue.FromJson(array) : TemplateValue.None;
}
