using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>Python's <c>None</c>.</summary>
internal sealed class NoneValue : TemplateValue
{
    private NoneValue()
    {
    }

    public static NoneValue Instance { get; } = new();

    internal override string TypeName => "NoneType";

    internal override string ObjectName => "None";

    internal override bool IsTrue => false;

    internal override void AppendRepr(TextBuilder into) => into.Append("None");
}
