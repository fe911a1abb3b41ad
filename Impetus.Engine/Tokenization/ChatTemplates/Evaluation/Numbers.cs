using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Python's arithmetic: exact on integers, IEEE on floats; <c>//</c> and <c>%</c> round towards negative infinity.</summary>
internal static class Numbers
{
    public static TemplateValue Apply(string symbol, NumberValue left, NumberValue right, Budget budget)
    {
        if (left.Integer is { } a && right.Integer is { } b)
            return OfIntegers(symbol, a, b, budget);

        return new FloatValue(OfFloats(symbol, ToFloat(left), ToFloat(right)));
    }

    /// <summary>A number as a float; an integer that is too large for one is an error.</summary>
    public static double ToFloat(NumberValue number)
    {
        double value = number.Float;
        return number.Integer is not null && double.IsInfinity(value) ? throw Errors.Arithmetic("int too large to convert to float") : value;
    }

    private static TemplateValue OfIntegers(string symbol, BigInteger a, BigInteger b, Budget budget)
    {
        switch (symbol)
        {
            case "+":
                return Result(a + b, budget);
            case "-":
                return Result(a - b, budget);
            case "*":
                budget.CheckBits((BigInteger)a.GetBitLength() + b.GetBitLength());
                return new IntegerValue(a * b);
            case "/":
                return new FloatValue(Quotient(a, b));
            case "//":
                return new IntegerValue(b.IsZero ? throw Errors.Arithmetic("integer division or modulo by zero") : PythonInteger.FloorDivide(a, b));
            case "%":
                return new IntegerValue(b.IsZero ? throw Errors.Arithmetic("integer modulo by zero") : PythonInteger.FloorModulo(a, b));
            default:
                return Power(a, b, budget);
        }
    }

    private static double Quotient(BigInteger a, BigInteger b)
    {
        if (b.IsZero)
            throw Errors.Arithmetic("division by zero");

        double quotient = PythonInteger.Divide(a, b);
        return double.IsFinite(quotient) ? quotient : throw Errors.Arithmetic("integer division result too large for a float");
    }

    private static IntegerValue Result(BigInteger value, Budget budget)
    {
        budget.CheckBits(value.GetBitLength());
        return new IntegerValue(value);
    }

    private static NumberValue Power(BigInteger a, BigInteger b, Budget budget)
    {
        if (b.Sign < 0)
            return new FloatValue(Power(ToFloat(new IntegerValue(a)), ToFloat(new IntegerValue(b))));
        if (a.IsZero || a.IsOne || b.IsZero)
            return new IntegerValue(b.IsZero ? 1 : a);
        if (a == -1)
            return new IntegerValue(b.IsEven ? 1 : -1);

        budget.CheckBits(b * a.GetBitLength());
        return new IntegerValue(BigInteger.Pow(a, (int)b));
    }

    private static double OfFloats(string symbol, double a, double b) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => b == 0 ? throw Errors.Arithmetic("float division by zero") : a / b,
        "//" => b == 0 ? throw Errors.Arithmetic("float floor division by zero") : FloorDivide(a, b),
        "%" => b == 0 ? throw Errors.Arithmetic("float modulo") : FloorModulo(a, b),
        _ => Power(a, b),
    };

    private static double FloorModulo(double a, double b)
    {
        double remainder = a % b;
        if (remainder == 0)
            return Math.CopySign(0, b);

        return b < 0 != remainder < 0 ? remainder + b : remainder;
    }

    private static double FloorDivide(double a, double b)
    {
        double remainder = a % b;
        double quotient = (a - remainder) / b;
        if (remainder != 0 && b < 0 != remainder < 0)
            quotient -= 1;
        if (quotient == 0)
            return Math.CopySign(0, a / b);

        double floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Power(double a, double b)
    {
        if (a == 0 && b < 0)
            throw Errors.Arithmetic("0.0 cannot be raised to a negative power");
        if (a < 0 && double.IsFinite(a) && double.IsFinite(b) && Math.Floor(b) != b)
            throw Errors.Value("A negative number to a fractional power is complex, which templates do not support.");

        double power = Math.Pow(a, b);
        return double.IsInfinity(power) && double.IsFinite(a) && double.IsFinite(b)
            ? throw Errors.Arithmetic("(34, 'Numerical result out of range')")
            : power;
    }
}
