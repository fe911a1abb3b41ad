using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>What <c>cycler()</c> gives: one of its items after the other, for ever.</summary>
internal sealed class CyclerValue(IReadOnlyList<TemplateValue> items) : TemplateValue
{
    private static readonly Builtin NextMethod = new("next(self)", static (_, a) => ((CyclerValue)a[0]).Next());
    private static readonly Builtin ResetMethod = new("reset(self)", static (_, a) => ((CyclerValue)a[0]).Reset());

    private int _position;

    internal override string TypeName => "Cycler";

    internal override string ObjectName => "jinja2.utils.Cycler object";

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "items" => new TupleValue(items),
        "pos" => From(_position),
        "current" => items[_position],
        "next" => new BoundMethod(this, NextMethod),
        "reset" => new BoundMethod(this, ResetMethod),
        _ => null,
    };

    internal override void AppendRepr(TextBuilder into) => into.Append("<jinja2.utils.Cycler object>");

    private TemplateValue Next()
    {
        TemplateValue current = items[_position];
        _position = (_position + 1) % items.Count;
        return current;
    }

    private TemplateValue Reset()
    {
        _position = 0;
        return None;
    }
}
