using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>An integer of any size.</summary>
internal sealed class IntegerValue(BigInteger value) : NumberValue
{
    public BigInteger Value => value;

    internal override string TypeName => "int";

    internal override bool IsTrue => !value.IsZero;

    internal override BigInteger? Integer => value;

    internal override double Float => PythonInteger.ToFloat(value);

    internal override void AppendRepr(TextBuilder into)
    {
        into.Budget.CheckBits(value.GetBitLength());
        into.Append(PythonInteger.Repr(value));
    }
}
