using System.Globalization;
using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>A number in the source: how far it reaches and whether it is a float.</summary>
internal readonly record struct NumberLiteral(int Length, bool IsFloat)
{
    /// <summary>The number at an offset; its length is zero if none stands there.</summary>
    public static NumberLiteral Match(string source, int start)
    {
        if (!char.IsAsciiDigit(source[start]))
            return default;

        int digits = Run(source, start, char.IsAsciiDigit);
        bool followsPoint = start > 0 && source[start - 1] == '.';
        if (!followsPoint && FloatTail(source, start + digits) is > 0 and int tail)
            return new NumberLiteral(digits + tail, true);
        return new NumberLiteral(IntegerLength(source, start, digits), false);
    }

    /// <summary>The value of an integer token.</summary>
    public static BigInteger Integer(string text) =>
        PythonInteger.TryParse(text, 0, out BigInteger value)
            ? value
            : throw new TemplateException(TemplateErrorKind.Syntax, $"invalid integer {text}");

    /// <summary>The value of a float token.</summary>
    public static double Float(string text) =>
        double.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int IntegerLength(string source, int start, int digits)
    {
        if (source[start] != '0')
            return digits;
        if (start + 1 < source.Length)
        {
            int prefixed = char.ToLowerInvariant(source[start + 1]) switch
            {
                'b' => RunAfterPrefix(source, start + 2, static c => c is '0' or '1'),
                'o' => RunAfterPrefix(source, start + 2, static c => c is >= '0' and <= '7'),
                'x' => RunAfterPrefix(source, start + 2, char.IsAsciiHexDigit),
                _ => 0,
            };
            if (prefixed > 0)
                return 2 + prefixed;
        }

        return Run(source, start, static c => c == '0');
    }

    /// <summary>A fraction, an exponent, or both.</summary>
    private static int FloatTail(string source, int at)
    {
        int start = at;
        if (at + 1 < source.Length && source[at] == '.' && Run(source, at + 1, char.IsAsciiDigit) is > 0 and int fraction)
            at += 1 + fraction;
        if (at < source.Length && source[at] is 'e' or 'E')
        {
            int exponent = at + 1 < source.Length && source[at + 1] is '+' or '-' ? at + 2 : at + 1;
            if (Run(source, exponent, char.IsAsciiDigit) is > 0 and int digits)
                at = exponent + digits;
        }

        return at - start;
    }

    private static int RunAfterPrefix(string source, int start, Func<char, bool> isDigit)
    {
        int underscore = start < source.Length && source[start] == '_' ? 1 : 0;
        int run = Run(source, start + underscore, isDigit);
        return run == 0 ? 0 : run + underscore;
    }

    /// <summary>The length of a run of digits, between any two of which one underscore may stand.</summary>
    private static int Run(string source, int start, Func<char, bool> isDigit)
    {
        int at = start;
        while (at < source.Length)
        {
            if (isDigit(source[at]))
                at++;
            else if (source[at] == '_' && at > start && at + 1 < source.Length && isDigit(source[at + 1]))
                at += 2;
            else
                break;
        }

        return at - start;
    }
}
