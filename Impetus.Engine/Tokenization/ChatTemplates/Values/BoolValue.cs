using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>Python's <c>True</c> and <c>False</c>, which are also the integers 1 and 0.</summary>
internal sealed class BoolValue : NumberValue
{
    private BoolValue(bool value) => Value = value;

    public static BoolValue True { get; } = new(true);

    public static BoolValue False { get; } = new(false);

    public bool Value { get; }

    internal override string TypeName => "bool";

    internal override bool IsTrue => Value;

    internal override System.Numerics.BigInteger? Integer => Value ? 1 : 0;

    internal override double Float => Value ? 1 : 0;

    public static BoolValue Of(bool value) => value ? True : False;

    internal override void AppendRepr(TextBuilder into) => into.Append(Value ? "True" : "False");
}
