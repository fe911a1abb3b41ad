using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Methods and attributes of integers, booleans and floats.</summary>
internal static class NumberMethods
{
    private static readonly MethodTable OfIntegers = new(
        new("bit_length(self, /)", static (_, a) => TemplateValue.From(BigInteger.Abs(Integer(a[0])).GetBitLength())),
        new("bit_count(self, /)", static (_, a) => TemplateValue.From(BigInteger.PopCount(BigInteger.Abs(Integer(a[0]))))),
        new("conjugate(self, /)", static (_, a) => new IntegerValue(Integer(a[0]))),
        new("as_integer_ratio(self, /)", static (_, a) => new TupleValue([new IntegerValue(Integer(a[0])), new IntegerValue(1)])));

    private static readonly MethodTable OfFloats = new(
        new("is_integer(self, /)", static (_, a) => BoolValue.Of(Float(a[0]) is var f && double.IsFinite(f) && Math.Floor(f) == f)),
        new("conjugate(self, /)", static (_, a) => a[0]),
        new("as_integer_ratio(self, /)", static (_, a) => Ratio(Float(a[0]))));

    public static TemplateValue? Find(NumberValue number, string name) => (number.Integer, name) switch
    {
        ({ } integer, "real" or "numerator") => new IntegerValue(integer),
        ({ }, "imag") => new IntegerValue(0),
        ({ }, "denominator") => new IntegerValue(1),
        ({ }, _) => OfIntegers.Find(number, name),
        (null, "real") => number,
        (null, "imag") => new FloatValue(0),
        _ => OfFloats.Find(number, name),
    };

    /// <summary>Python's <c>int(float)</c>.</summary>
    public static BigInteger Truncate(double value) =>
        double.IsNaN(value) ? throw Errors.Value("cannot convert float NaN to integer")
        : double.IsInfinity(value) ? throw Errors.Arithmetic("cannot convert float infinity to integer")
        : new BigInteger(value);

    private static BigInteger Integer(TemplateValue value) => ((NumberValue)value).Integer!.Value;

    private static double Float(TemplateValue value) => ((NumberValue)value).Float;

    private static TupleValue Ratio(double value)
    {
        BigInteger denominator = 1;
        for (Truncate(value); Math.Floor(value) != value; value *= 2)
            denominator *= 2;
        return new TupleValue([new IntegerValue(Truncate(value)), new IntegerValue(denominator)]);
    }
}
