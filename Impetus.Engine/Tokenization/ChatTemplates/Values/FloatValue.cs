using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A float.</summary>
internal sealed class FloatValue(double value) : NumberValue
{
    public double Value => value;

    internal override string TypeName => "float";

    internal override bool IsTrue => value != 0;

    internal override BigInteger? Integer => null;

    internal override double Float => value;

    internal override void AppendRepr(TextBuilder into) => into.Append(PythonFloat.Repr(value));
}
