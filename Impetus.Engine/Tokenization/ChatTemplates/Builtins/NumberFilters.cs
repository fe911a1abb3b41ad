using System.Globalization;
using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Filters that make numbers, or text of numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static IReadOnlyDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(StringComparer.Ordinal)
    {
        ["abs"] = new("abs(x, /)", static (_, a) => Abs(a[0])),
        ["filesizeformat"] = new("do_filesizeformat(value, binary?)", static (_, a) => new StringValue(FileSize(ToFloat(a[0]), a.Flag(1)))),
        ["float"] = new("do_float(value, default?)", static (e, a) => Float(e, a)),
        ["int"] = new("do_int(value, default?, base?)", static (e, a) => Int(e, a)),
        ["round"] = new("do_round(value, precision?, method?)", static (e, a) => Round(e, a)),
    };

    /// <summary>Python's <c>float(value)</c>.</summary>
    public static double ToFloat(TemplateValue value) => value switch
    {
        NumberValue number => Numbers.ToFloat(number),
        StringValue text => PythonFloat.TryParse(text.Text, out double parsed)
            ? parsed
            : throw Errors.Value($"could not convert string to float: {PythonRepr.Of(text.Text)}"),
        UndefinedValue undefined => throw undefined.Error(),
        _ => throw Errors.Type($"float() argument must be a string or a real number, not '{value.TypeName}'"),
    };

    private static NumberValue Abs(TemplateValue value) => value switch
    {
        NumberValue { Integer: { } integer } => new IntegerValue(BigInteger.Abs(integer)),
        FloatValue number => new FloatValue(Math.Abs(number.Value)),
        UndefinedValue => throw Errors.Type("bad operand type for abs(): 'Undefined'"),
        _ => throw Errors.Type($"bad operand type for abs(): '{value.TypeName}'"),
    };

    private static TemplateValue Float(Evaluator evaluator, BoundArguments arguments)
    {
        ChargeDigits(evaluator, arguments[0]);
        try
        {
            return new FloatValue(ToFloat(arguments[0]));
        }
        catch (TemplateException error) when (error.Kind is TemplateErrorKind.Type or TemplateErrorKind.Value)
        {
            return arguments.Optional(1) ?? new FloatValue(0);
        }
    }

    /// <summary>What is no integer is tried as a float, so that <c>'42.23'|int</c> is 42.</summary>
    private static TemplateValue Int(Evaluator evaluator, BoundArguments arguments)
    {
        ChargeDigits(evaluator, arguments[0]);
        try
        {
            return new IntegerValue(ToInteger(arguments[0], arguments.Integer(2, 10)));
        }
        catch (TemplateException error) when (error.Kind is TemplateErrorKind.Type or TemplateErrorKind.Value)
        {
        }

        try
        {
            return new IntegerValue(NumberMethods.Truncate(ToFloat(arguments[0])));
        }
        catch (TemplateException error) when (error.Kind is TemplateErrorKind.Type or TemplateErrorKind.Value or TemplateErrorKind.Arithmetic)
        {
            return arguments.Optional(1) ?? new IntegerValue(0);
        }
    }

    private static void ChargeDigits(Evaluator evaluator, TemplateValue value)
    {
        if (value is StringValue text)
            evaluator.Budget.ChargeCharacters(text.Text.Length);
    }

    private static BigInteger ToInteger(TemplateValue value, int radix)
    {
        if (radix is < 0 or 1 or > 36)
            throw Errors.Value("int() base must be >= 2 and <= 36, or 0");

        return value switch
        {
            NumberValue { Integer: { } integer } => integer,
            FloatValue number => NumberMethods.Truncate(number.Value),
            StringValue text when PythonInteger.TryParse(text.Text, radix, out BigInteger parsed) => parsed,
            StringValue text => throw Errors.Value($"invalid literal for int() with base {radix}: {PythonRepr.Of(text.Text)}"),
            UndefinedValue undefined => throw undefined.Error(),
            _ => throw Errors.Type($"int() argument must be a string, a bytes-like object or a real number, not '{value.TypeName}'"),
        };
    }

    private static NumberValue Round(Evaluator evaluator, BoundArguments arguments)
    {
        int precision = arguments.Integer(1);
        string method = arguments.Optional(2) is null ? "common" : arguments.Text(2);
        if (method is not ("common" or "ceil" or "floor"))
            throw Errors.Runtime("method must be common, ceil or floor");
        if (arguments[0] is not NumberValue number)
            throw arguments[0] is UndefinedValue undefined ? undefined.Error()
                : Errors.Type($"type {arguments[0].TypeName} doesn't define __round__ method");

        evaluator.Budget.CheckBits(Math.Abs((long)precision) * 4);
        if (method == "common")
            return number.Integer is { } integer
                ? new IntegerValue(RoundInteger(integer, precision))
                : new FloatValue(FloatFormat.Round(number.Float, precision));

        NumberValue scale = (NumberValue)Operators.Apply("**", new IntegerValue(10), new IntegerValue(precision), evaluator);
        NumberValue scaled = (NumberValue)Operators.Apply("*", number, scale, evaluator);
        BigInteger rounded = scaled.Integer ?? NumberMethods.Truncate(method == "ceil" ? Math.Ceiling(scaled.Float) : Math.Floor(scaled.Float));
        return (NumberValue)Operators.Apply("/", new IntegerValue(rounded), scale, evaluator);
    }

    /// <summary>Digits before the point can be rounded away; halves go to even.</summary>
    private static BigInteger RoundInteger(BigInteger value, int precision)
    {
        if (precision >= 0)
            return value;

        BigInteger unit = BigInteger.Pow(10, -precision);
        BigInteger quotient = PythonInteger.FloorDivide(value, unit), rest = value - quotient * unit;
        int half = (rest * 2).CompareTo(unit);
        return (half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient) * unit;
    }

    private static string FileSize(double bytes, bool isBinary)
    {
        double unit = isBinary ? 1024 : 1000;
        if (bytes == 1)
            return "1 Byte";
        if (bytes < unit)
            return NumberMethods.Truncate(bytes).ToString(CultureInfo.InvariantCulture) + " Bytes";

        string[] names = isBinary ? BinaryUnits : DecimalUnits;
        int index = 0;
        double next = unit * unit;
        while (index < names.Length - 1 && !(bytes < next))
        {
            next *= unit;
            index++;
        }

        return FloatFormat.Magnitude(unit * bytes / next, 'f', 1) + " " + names[index];
    }
}
