using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Builtins;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A boolean, integer or float; numbers that are equal have the same hash whatever their type.</summary>
internal abstract class NumberValue : TemplateValue
{
    /// <summary>The exact value of a boolean or integer; null for a float.</summary>
    internal abstract BigInteger? Integer { get; }

    /// <summary>The nearest float; infinite if an integer is too large for one.</summary>
    internal abstract double Float { get; }

    public sealed override bool Equals(TemplateValue? other) => other is NumberValue number && Compare(this, number) == 0;

    public sealed override int GetHashCode() =>
        Integer is { } integer ? integer.GetHashCode()
        : double.IsFinite(Float) && Math.Floor(Float) == Float ? new BigInteger(Float).GetHashCode()
        : Float.GetHashCode();

    /// <summary>The exact order of two numbers; null if one of them is not a number at all.</summary>
    internal static int? Compare(NumberValue left, NumberValue right)
    {
        if (left.Integer is { } a && right.Integer is { } b)
            return a.CompareTo(b);
        if (double.IsNaN(left.Float) || double.IsNaN(right.Float))
            return null;
        if (left.Integer is { } whole)
            return CompareExactly(whole, right.Float);
        return right.Integer is { } other ? -CompareExactly(other, left.Float) : left.Float.CompareTo(right.Float);
    }

    internal override TemplateValue? Attribute(string name) => NumberMethods.Find(this, name);

    private static int CompareExactly(BigInteger integer, double value)
    {
        if (double.IsInfinity(value))
            return value > 0 ? -1 : 1;

        double floor = Math.Floor(value);
        int order = integer.CompareTo(new BigInteger(floor));
        return order != 0 ? order : floor < value ? -1 : 0;
    }
}
