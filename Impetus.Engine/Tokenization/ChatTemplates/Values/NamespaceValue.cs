using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>What <c>namespace()</c> gives: the one value that a template may change, by <c>{% set ns.name = … %}</c>.</summary>
internal sealed class NamespaceValue(OrderedDictionary<TemplateValue, TemplateValue> attributes) : TemplateValue
{
    internal override string TypeName => "Namespace";

    internal override string ObjectName => "jinja2.utils.Namespace object";

    internal override TemplateValue? Attribute(string name) => attributes.GetValueOrDefault(new StringValue(name));

    /// <summary>Sets an attribute.</summary>
    internal void Set(string name, TemplateValue value)
    {
        RestrictedNames.Ensure(name, "attributes on a namespace", "attribute");
        attributes[new StringValue(name)] = value;
    }

    internal override void AppendRepr(TextBuilder into)
    {
        into.Append("<Namespace ");
        new DictValue(attributes).AppendRepr(into);
        into.Append('>');
    }
}
