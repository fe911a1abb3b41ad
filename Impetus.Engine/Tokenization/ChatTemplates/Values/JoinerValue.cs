using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>What <c>joiner()</c> gives: nothing when first called, then its separator.</summary>
internal sealed class JoinerValue(TemplateValue separator) : TemplateValue
{
    private static readonly Signature CallSignature = new("__call__()");

    private bool _used;

    internal override string TypeName => "Joiner";

    internal override string ObjectName => "jinja2.utils.Joiner object";

    internal override bool IsCallable => true;

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "sep" => separator,
        "used" => From(_used),
        _ => null,
    };

    internal override TemplateValue Call(Evaluator evaluator, CallArguments arguments)
    {
        CallSignature.Bind(arguments);
        if (_used)
            return separator;

        _used = true;
        return StringValue.Empty;
    }

    internal override void AppendRepr(TextBuilder into) => into.Append("<jinja2.utils.Joiner object>");
}
