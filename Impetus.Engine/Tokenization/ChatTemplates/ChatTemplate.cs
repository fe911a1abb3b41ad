using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Scoping;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>
/// A chat template: the Jinja program that comes with a model and writes messages as the text that it was trained on.
/// </summary>
/// <remarks>
/// The language is that of Jinja 3.1.6 in the environment that Hugging Face's <c>transformers</c> sets up: an immutable
/// sandbox with <c>trim_blocks</c> and <c>lstrip_blocks</c>, <c>break</c>, <c>continue</c>, <c>generation</c>,
/// <c>raise_exception</c>, <c>strftime_now</c> and its own <c>tojson</c>. There is no loader: <c>include</c>,
/// <c>import</c> and <c>extends</c> are errors when they are reached. A parsed template is immutable and may be rendered
/// by any number of threads at once.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly TemplateRoot _root;
    private readonly IReadOnlyDictionary<string, Block> _blocks;
    private readonly TemplateLimits _limits;

    private ChatTemplate(string source, TemplateRoot root, IReadOnlyDictionary<string, Block> blocks, TemplateLimits limits)
    {
        Source = source;
        _root = root;
        _blocks = blocks;
        _limits = limits;
    }

    /// <summary>The text that was parsed.</summary>
    public string Source { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja text.</param>
    /// <param name="limits">Bounds of parsing and rendering; null for the defaults.</param>
    /// <exception cref="TemplateException">The template is not valid, too long, or nests too deep.</exception>
    public static ChatTemplate Parse(string source, TemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        limits ??= TemplateLimits.Default;
        if (source.Length > limits.MaxTemplateLength)
            throw Errors.Limit(
                $"The template has {source.Length} characters; at most {limits.MaxTemplateLength} are allowed (TemplateLimits.MaxTemplateLength).");

        TemplateRoot root = Parser.Parse(source, limits);
        return new ChatTemplate(source, root, ScopeResolver.Resolve(root), limits);
    }

    /// <summary>Renders the template with the time of a clock.</summary>
    /// <param name="variables">The names that the template may use.</param>
    /// <param name="clock">What <c>strftime_now</c> sees, in its local time zone; null for the system's clock.</param>
    /// <exception cref="TemplateException">The template raised an error or exceeded a limit.</exception>
    public string Render(IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider? clock = null) =>
        Render(variables, (clock ?? TimeProvider.System).GetLocalNow().DateTime);

    /// <summary>Renders the template at a given local time.</summary>
    /// <param name="variables">The names that the template may use.</param>
    /// <param name="now">What <c>strftime_now</c> sees.</param>
    /// <exception cref="TemplateException">The template raised an error or exceeded a limit.</exception>
    public string Render(IReadOnlyDictionary<string, TemplateValue> variables, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Evaluator.Render(_root, _blocks, Find, _limits, now);

        TemplateValue? Find(string name) => variables.TryGetValue(name, out TemplateValue? value) ? value : Globals.Find(name);
    }
}
