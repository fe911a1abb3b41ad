using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>The chat templates of one model and the special tokens that they may use. Immutable and safe to share.</summary>
public sealed class ChatTemplateLibrary
{
    private const string Default = "default";
    private const string ForTools = "tool_use";

    /// <summary>Templates by name, and special tokens by the name of their variable.</summary>
    public ChatTemplateLibrary(IReadOnlyDictionary<string, ChatTemplate> templates, IReadOnlyDictionary<string, TemplateValue> specialTokens)
    {
        Templates = templates;
        SpecialTokens = specialTokens;
    }

    /// <summary>The templates by name: <c>default</c>, and perhaps <c>tool_use</c>, <c>rag</c> and others. Empty for a model without any.</summary>
    public IReadOnlyDictionary<string, ChatTemplate> Templates { get; }

    /// <summary>Variables such as <c>bos_token</c> and <c>eos_token</c>.</summary>
    public IReadOnlyDictionary<string, TemplateValue> SpecialTokens { get; }

    /// <summary>Reads what a model's folder says about its chat templates.</summary>
    /// <remarks>
    /// Templates come from <c>chat_template.jinja</c> (with others in <c>additional_chat_templates/</c>), else from
    /// <c>chat_template.json</c>, else from <c>tokenizer_config.json</c>, where there may be one or a list of named ones.
    /// Special tokens come from <c>special_tokens_map.json</c> and <c>tokenizer_config.json</c>; the latter wins.
    /// </remarks>
    /// <param name="folder">The model's folder.</param>
    /// <param name="limits">Bounds of parsing and rendering; null for the defaults.</param>
    /// <exception cref="InvalidDataException">
    /// A file is too large, not valid, or holds a template that does not parse; the message names it.
    /// </exception>
    public static ChatTemplateLibrary LoadFolder(string folder, TemplateLimits? limits = null) =>
        new ChatTemplateFolder(folder, limits ?? TemplateLimits.Default).Load();

    /// <summary>The template that a request gets, as <c>transformers</c> chooses it; null if the model has none that fits.</summary>
    /// <param name="name">The name that the caller asks for; null for the usual one.</param>
    /// <param name="hasTools">Whether tools are offered: a template made for them is then preferred.</param>
    public ChatTemplate? Find(string? name = null, bool hasTools = false)
    {
        if (name is not null)
            return Templates.GetValueOrDefault(name);

        return (hasTools ? Templates.GetValueOrDefault(ForTools) : null) ?? Templates.GetValueOrDefault(Default);
    }
}
