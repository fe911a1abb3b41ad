using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>The variable <c>self</c>, through which a template calls its own blocks.</summary>
internal sealed class TemplateReference(Evaluator evaluator, Context context) : TemplateValue
{
    internal override string TypeName => "TemplateReference";

    internal override string ObjectName => "jinja2.runtime.TemplateReference object";

    internal override bool IsIndexable => true;

    internal override TemplateValue? Item(TemplateValue key, Budget budget) =>
        key is StringValue name && evaluator.HasBlock(name.Text) ? new BlockReference(name.Text, context) : null;

    internal override void AppendRepr(TextBuilder into) => into.Append("<TemplateReference None>");
}

/// <summary>A block as <c>self.name</c>.</summary>
internal sealed class BlockReference(string name, Context context) : TemplateValue
{
    internal override string TypeName => "BlockReference";

    internal override string ObjectName => "jinja2.runtime.BlockReference object";

    internal override bool IsCallable => true;

    internal override TemplateValue? Attribute(string attribute) => attribute switch
    {
        "name" => From(name),
        "super" => new UndefinedValue($"there is no parent block called '{name}'."),
        _ => null,
    };

    internal override TemplateValue Call(Evaluator evaluator, CallArguments arguments) => evaluator.InvokeBlock(name, context);

    internal override void AppendRepr(TextBuilder into) => into.Append("<BlockReference object>");
}
