using System.Numerics;
using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>format(value, spec)</c>: <c>[[fill]align][sign][z][#][0][width][grouping][.precision][type]</c>.</summary>
internal sealed class FormatSpec
{
    private string _fill = " ";
    private char _align;
    private char _sign = '-';
    private bool _noNegativeZero;
    private bool _alternate;
    private int _width;
    private char _grouping;
    private int? _precision;
    private char _type;

    private FormatSpec()
    {
    }

    /// <summary>Formats a value.</summary>
    /// <exception cref="TemplateException">The specification is malformed or not meant for the value's type.</exception>
    public static string Format(TemplateValue value, string spec, Budget budget)
    {
        if (spec.Length == 0)
            return value.ToText(budget);

        switch (value)
        {
            case StringValue text:
                return Parse(spec, budget).FormatText(text.Text, budget);
            case FloatValue number:
                return Parse(spec, budget).FormatFloat(number.Value, budget);
            case NumberValue { Integer: { } integer } number:
                FormatSpec parsed = Parse(spec, budget);
                return parsed._type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%'
                    ? parsed.FormatFloat(Numbers.ToFloat(number), budget)
                    : parsed.FormatInteger(integer, budget);
            default:
                throw Errors.Type($"unsupported format string passed to {value.TypeName}.__format__");
        }
    }

    private static FormatSpec Parse(string spec, Budget budget)
    {
        FormatSpec parsed = new();
        int i = 0;
        int fillUnits = PythonText.UnitsAt(spec, 0);
        if (fillUnits < spec.Length && IsAlign(spec[fillUnits]))
        {
            parsed._fill = spec[..fillUnits];
            parsed._align = spec[fillUnits];
            i = fillUnits + 1;
        }
        else if (IsAlign(spec[0]))
        {
            parsed._align = spec[0];
            i = 1;
        }

        if (i < spec.Length && spec[i] is '+' or '-' or ' ')
            parsed._sign = spec[i++];
        if (Take(spec, ref i, 'z'))
            parsed._noNegativeZero = true;
        if (Take(spec, ref i, '#'))
            parsed._alternate = true;
        if (Take(spec, ref i, '0') && parsed._align == '\0')
        {
            parsed._fill = "0";
            parsed._align = '=';
        }

        parsed._width = TakeNumber(spec, ref i, budget) ?? 0;
        if (i < spec.Length && spec[i] is ',' or '_')
            parsed._grouping = spec[i++];
        if (Take(spec, ref i, '.'))
            parsed._precision = TakeNumber(spec, ref i, budget) ?? throw Errors.Value("Format specifier missing precision");
        if (i < spec.Length)
            parsed._type = spec[i++];
        return i == spec.Length ? parsed : throw Errors.Value("Invalid format specifier");
    }

    private static bool IsAlign(char c) => c is '<' or '>' or '=' or '^';

    private static bool Take(string spec, ref int i, char expected)
    {
        bool matches = i < spec.Length && spec[i] == expected;
        i += matches ? 1 : 0;
        return matches;
    }

    private static int? TakeNumber(string spec, ref int i, Budget budget)
    {
        int start = i;
        long value = 0;
        for (; i < spec.Length && char.IsAsciiDigit(spec[i]); i++)
            value = value < int.MaxValue ? value * 10 + (spec[i] - '0') : value;
        budget.ChargeText(value);
        return i == start ? null : (int)value;
    }

    private string FormatText(string text, Budget budget)
    {
        if (_type is not ('\0' or 's'))
            throw UnknownCode("str");
        if (_sign != '-' || _grouping != '\0' || _alternate || _align == '=' && _fill != "0")
            throw Errors.Value("Sign, grouping, '#' and '=' are not allowed in string format specifier");

        if (_precision is { } precision && precision < PythonText.Length(text))
            text = text[..PythonText.OffsetOf(text, precision)];
        return Pad("", text, _align is '\0' or '=' ? '<' : _align, budget);
    }

    private string FormatInteger(BigInteger value, Budget budget)
    {
        if (_precision is not null)
            throw Errors.Value("Precision not allowed in integer format specifier");

        BigInteger magnitude = BigInteger.Abs(value);
        (string prefix, string digits) = _type switch
        {
            '\0' or 'd' or 'n' => ("", PythonInteger.Repr(magnitude)),
            'x' => ("0x", PythonInteger.InBase(magnitude, 4)),
            'X' => ("0X", PythonInteger.InBase(magnitude, 4).ToUpperInvariant()),
            'o' => ("0o", PythonInteger.InBase(magnitude, 3)),
            'b' => ("0b", PythonInteger.InBase(magnitude, 1)),
            'c' => ("", Character(value)),
            _ => throw UnknownCode("int"),
        };
        if (_type == 'c')
            return Pad("", digits, _align == '\0' ? '<' : _align, budget);

        bool isDecimal = prefix.Length == 0;
        if (_grouping == ',' && !isDecimal)
            throw Errors.Value($"Cannot specify ',' with '{_type}'.");

        string lead = SignOf(value.Sign < 0) + (_alternate ? prefix : "");
        return PadGrouped(lead, digits, "", isDecimal ? 3 : 4, budget);
    }

    private string FormatFloat(double value, Budget budget)
    {
        if (_type is not ('\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%'))
            throw UnknownCode("float");

        int precision = _precision ?? 6;
        budget.CheckBits(precision * 4L);
        string text = _type switch
        {
            '%' => FloatFormat.Magnitude(value * 100, 'f', precision, _alternate) + "%",
            '\0' when _precision is null => PythonFloat.Repr(Math.Abs(value)),
            '\0' => FloatFormat.Magnitude(value, 'r', precision, _alternate),
            'n' => FloatFormat.Magnitude(value, 'g', precision, _alternate),
            _ => FloatFormat.Magnitude(value, _type, precision, _alternate),
        };
        int whole = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        whole = whole < 0 ? text.Length : whole;
        bool isNegative = double.IsNegative(value) && !double.IsNaN(value)
            && !(_noNegativeZero && text.AsSpan().IndexOfAnyInRange('1', '9') < 0);
        return PadGrouped(SignOf(isNegative), text[..whole], text[whole..], 3, budget);
    }

    private string SignOf(bool isNegative) => isNegative ? "-" : _sign is '+' or ' ' ? _sign.ToString() : "";

    private static string Character(BigInteger value) => value.Sign >= 0 && value <= 0x10FFFF
        ? PythonText.FromCodePoint((int)value)
        : throw Errors.Arithmetic("%c arg not in range(0x110000)");

    /// <summary>Pads a number; zeros that fill it up are grouped like its digits.</summary>
    private string PadGrouped(string lead, string digits, string tail, int groupSize, Budget budget)
    {
        if (_grouping != '\0')
        {
            int minimum = _fill == "0" && _align == '=' ? _width - lead.Length - tail.Length : 0;
            digits = Group(digits, groupSize, minimum);
        }

        return Pad(lead, digits + tail, _align == '\0' ? '>' : _align, budget);
    }

    private string Group(string digits, int size, int minimumWidth)
    {
        while (digits.Length + (digits.Length - 1) / size < minimumWidth)
            digits = "0" + digits;
        StringBuilder grouped = new(digits);
        for (int at = digits.Length - size; at > 0; at -= size)
            grouped.Insert(at, _grouping);
        return grouped.ToString();
    }

    private string Pad(string lead, string text, char align, Budget budget)
    {
        int missing = _width - PythonText.Length(lead) - PythonText.Length(text);
        if (missing <= 0)
            return lead + text;

        budget.ChargeText((long)missing * _fill.Length);
        int before = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        string left = string.Concat(Enumerable.Repeat(_fill, before)), right = string.Concat(Enumerable.Repeat(_fill, missing - before));
        return align == '=' ? lead + left + text + right : left + lead + text + right;
    }

    private TemplateException UnknownCode(string type) => Errors.Value($"Unknown format code '{_type}' for object of type '{type}'");
}
