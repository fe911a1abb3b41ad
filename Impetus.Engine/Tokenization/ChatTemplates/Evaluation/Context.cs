using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>The names that a rendering starts with, and those that the template's top level has assigned since.</summary>
internal sealed class Context(Func<string, TemplateValue?> outside)
{
    private readonly Dictionary<string, TemplateValue> _assigned = new(StringComparer.Ordinal);

    /// <summary>The value of a name, or null.</summary>
    public TemplateValue? Find(string name) => _assigned.GetValueOrDefault(name) ?? outside(name);

    /// <summary>Assigns a name.</summary>
    public void Assign(string name, TemplateValue value) => _assigned[name] = value;

    /// <summary>A context in which some names have other values.</summary>
    public Context Derive(IEnumerable<KeyValuePair<string, TemplateValue>> values)
    {
        Dictionary<string, TemplateValue> local = new(values, StringComparer.Ordinal);
        return new Context(name => local.GetValueOrDefault(name) ?? Find(name));
    }
}
