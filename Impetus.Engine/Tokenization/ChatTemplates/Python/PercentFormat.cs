using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>text % arguments</c>: <c>%[(key)][flags][width][.precision]type</c>.</summary>
internal sealed class PercentFormat
{
    private readonly string _format;
    private readonly bool _escapes;
    private readonly Evaluator _evaluator;
    private readonly IReadOnlyList<TemplateValue> _arguments;
    private readonly TemplateValue? _mapping;
    private int _position;
    private int _next;

    private PercentFormat(StringValue format, TemplateValue arguments, Evaluator evaluator)
    {
        _format = format.Text;
        _escapes = format.IsMarkup;
        _evaluator = evaluator;
        _arguments = arguments is TupleValue tuple ? tuple.Items : [arguments];
        _mapping = arguments is not (TupleValue or StringValue) && arguments.IsIndexable ? arguments : null;
    }

    /// <summary>Formats a text; markup escapes what is put into it.</summary>
    /// <exception cref="TemplateException">The format is malformed, or the arguments do not fit it.</exception>
    public static StringValue Apply(StringValue format, TemplateValue arguments, Evaluator evaluator) =>
        format.With(new PercentFormat(format, arguments, evaluator).Run());

    private string Run()
    {
        TextBuilder result = new(_evaluator.Budget);
        while (_position < _format.Length)
        {
            int percent = _format.IndexOf('%', _position);
            if (percent < 0)
                percent = _format.Length;
            result.Append(_format.AsSpan(_position, percent - _position));
            _position = percent + 1;
            if (percent < _format.Length)
                result.Append(Conversion());
        }

        if (_next < _arguments.Count && _mapping is null)
            throw Errors.Type("not all arguments converted during string formatting");
        return result.ToString();
    }

    private string Conversion()
    {
        TemplateValue? keyed = TakeKey();
        string flags = TakeFlags();
        bool isLeft = flags.Contains('-', StringComparison.Ordinal);
        int width = TakeNumber(keyed is not null) ?? 0;
        if (width < 0)
            (isLeft, width) = (true, -width);
        int? precision = null;
        if (_position < _format.Length && _format[_position] == '.')
        {
            _position++;
            precision = Math.Max(TakeNumber(keyed is not null) ?? 0, 0);
        }

        while (_position < _format.Length && _format[_position] is 'h' or 'l' or 'L')
            _position++;
        if (_position >= _format.Length)
            throw Errors.Value("incomplete format");

        char type = _format[_position++];
        if (type == '%')
            return "%";

        TemplateValue value = keyed ?? TakeArgument();
        (string sign, string text) = Convert(type, value, flags, precision);
        return Pad(sign, text, width, isLeft, pad: flags.Contains('0', StringComparison.Ordinal) && IsNumeric(type) ? '0' : ' ');
    }

    private TemplateValue? TakeKey()
    {
        if (_position >= _format.Length || _format[_position] != '(')
            return null;
        if (_mapping is null)
            throw Errors.Type("format requires a mapping");

        int start = ++_position, nesting = 1;
        for (; _position < _format.Length && nesting > 0; _position++)
            nesting += _format[_position] == '(' ? 1 : _format[_position] == ')' ? -1 : 0;
        if (nesting > 0)
            throw Errors.Value("incomplete format key");

        StringValue key = new(_format[start..(_position - 1)]);
        _next = _arguments.Count;
        return _mapping.Item(key, _evaluator.Budget) ?? throw (_mapping is DictValue
            ? Errors.Lookup(PythonRepr.Of(key.Text))
            : Errors.Type($"{_mapping.TypeName} indices must be integers or slices, not str"));
    }

    private string TakeFlags()
    {
        int start = _position;
        while (_position < _format.Length && _format[_position] is '-' or '+' or ' ' or '#' or '0')
            _position++;
        return _format[start.._position];
    }

    private int? TakeNumber(bool isKeyed)
    {
        if (_position < _format.Length && _format[_position] == '*')
        {
            _position++;
            if (isKeyed || TakeArgument() is not NumberValue { Integer: { } given })
                throw Errors.Type("* wants int");
            _evaluator.Budget.ChargeText(given > int.MaxValue ? int.MaxValue : (long)BigInteger.Max(given, 0));
            return (int)BigInteger.Max(given, -int.MaxValue);
        }

        int start = _position;
        long value = 0;
        for (; _position < _format.Length && char.IsAsciiDigit(_format[_position]); _position++)
            value = value < int.MaxValue ? value * 10 + (_format[_position] - '0') : value;
        _evaluator.Budget.ChargeText(value);
        return start == _position ? null : (int)value;
    }

    private TemplateValue TakeArgument() => _next < _arguments.Count
        ? _arguments[_next++]
        : throw Errors.Type("not enough arguments for format string");

    private (string Sign, string Text) Convert(char type, TemplateValue value, string flags, int? precision)
    {
        switch (type)
        {
            case 's':
                return ("", Cut(Escaped(value.ToText(_evaluator.Budget), value), precision));
            case 'r' or 'a':
                TextBuilder repr = new(_evaluator.Budget);
                value.AppendRepr(repr);
                string literal = Escaped(repr.ToString(), null);
                return ("", Cut(type == 'a' ? AsciiEscape.All(literal) : literal, precision));
            case 'c':
                return ("", Character(value));
            case 'd' or 'i' or 'u':
                BigInteger whole = value is FloatValue number ? NumberMethods.Truncate(number.Value) : Integer(value, type, "a real number");
                return (SignOf(whole.Sign < 0, flags), PythonInteger.Repr(BigInteger.Abs(whole)).PadLeft(precision ?? 0, '0'));
            case 'x' or 'X' or 'o':
                return InBase(type, Integer(value, type, "an integer"), flags, precision ?? 0);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                double real = value is NumberValue numeric ? Numbers.ToFloat(numeric) : throw NotANumber(value, "must be real number");
                _evaluator.Budget.CheckBits((precision ?? 6) * 4L);
                return (SignOf(double.IsNegative(real) && !double.IsNaN(real), flags),
                    FloatFormat.Magnitude(real, type, precision ?? 6, flags.Contains('#', StringComparison.Ordinal)));
            default:
                throw Errors.Value($"unsupported format character '{type}' (0x{(int)type:x}) at index {_position - 1}");
        }
    }

    private static (string Sign, string Text) InBase(char type, BigInteger value, string flags, int precision)
    {
        string digits = PythonInteger.InBase(BigInteger.Abs(value), type == 'o' ? 3 : 4).PadLeft(precision, '0');
        string prefix = flags.Contains('#', StringComparison.Ordinal) ? "0" + type : "";
        return (SignOf(value.Sign < 0, flags) + prefix, type == 'X' ? digits.ToUpperInvariant() : digits);
    }

    private static BigInteger Integer(TemplateValue value, char type, string wanted) => value switch
    {
        NumberValue { Integer: { } integer } => integer,
        UndefinedValue undefined when wanted != "an integer" => throw undefined.Error(),
        _ => throw Errors.Type($"%{type} format: {wanted} is required, not {value.TypeName}"),
    };

    private static TemplateException NotANumber(TemplateValue value, string wanted) =>
        value is UndefinedValue undefined ? undefined.Error() : Errors.Type($"{wanted}, not {value.TypeName}");

    private string Escaped(string text, TemplateValue? value) =>
        _escapes && value is not StringValue { IsMarkup: true } ? Html.Escape(text) : text;

    private static string Cut(string text, int? precision) =>
        precision is { } length && length < PythonText.Length(text) ? text[..PythonText.OffsetOf(text, length)] : text;

    private static string Character(TemplateValue value) => value switch
    {
        NumberValue { Integer: { } point } => point.Sign >= 0 && point <= 0x10FFFF
            ? PythonText.FromCodePoint((int)point)
            : throw Errors.Arithmetic("%c arg not in range(0x110000)"),
        StringValue text when PythonText.Length(text.Text) == 1 => text.Text,
        _ => throw Errors.Type("%c requires int or char"),
    };

    private static bool IsNumeric(char type) => type is not ('s' or 'r' or 'a' or 'c');

    private static string SignOf(bool isNegative, string flags) =>
        isNegative ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";

    private string Pad(string sign, string text, int width, bool isLeft, char pad)
    {
        int missing = width - sign.Length - PythonText.Length(text);
        if (missing <= 0)
            return sign + text;

        _evaluator.Budget.ChargeText(missing);
        return isLeft ? sign + text + new string(' ', missing)
            : pad == '0' ? sign + new string('0', missing) + text
            : new string(' ', missing) + sign + text;
    }
}
