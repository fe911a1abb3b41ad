using System.Globalization;
using System.Numerics;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>
/// Floats with a given number of digits, exactly rounded, halves to even, as C's <c>printf</c> does it: the types
/// <c>e</c>, <c>f</c>, <c>g</c> and <c>%</c> of both of Python's formatting languages, and <c>round()</c>.
/// </summary>
internal static class FloatFormat
{
    /// <summary>Formats the magnitude of a number; the sign is the caller's affair.</summary>
    /// <param name="value">Any number; infinities and NaN have names.</param>
    /// <param name="type">One of <c>e E f F g G</c>, or <c>r</c>: like <c>g</c>, but a digit always stands after the point.</param>
    /// <param name="precision">Digits after the point, or significant digits for <c>g</c>.</param>
    /// <param name="alternate">Keeps the point and, for <c>g</c>, trailing zeros.</param>
    public static string Magnitude(double value, char type, int precision, bool alternate = false)
    {
        string text = double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? "inf" : char.ToLowerInvariant(type) switch
        {
            'f' => Fixed(Math.Abs(value), precision, alternate),
            'e' => Scientific(Math.Abs(value), precision, alternate),
            'r' => Brief(Math.Abs(value), Math.Max(precision, 1)),
            _ => General(Math.Abs(value), Math.Max(precision, 1), alternate),
        };
        return char.IsAsciiLetterUpper(type) ? text.ToUpperInvariant() : text;
    }

    /// <summary><c>round(value, digits)</c>: digits may be negative.</summary>
    public static double Round(double value, int digits)
    {
        if (!double.IsFinite(value) || value == 0 || digits > 323)
            return value;
        if (digits < -308)
            return Math.CopySign(0, value);

        string text = Scaled(Math.Abs(value), digits).ToString(CultureInfo.InvariantCulture) + "e" + (-digits).ToString(CultureInfo.InvariantCulture);
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    /// <summary>Significant digits as <c>d.ddde+XX</c>.</summary>
    public static string Exponent(string digits, int exponent, char mark)
    {
        StringBuilder text = new();
        text.Append(digits[0]);
        if (digits.Length > 1)
            text.Append('.').Append(digits, 1, digits.Length - 1);
        return text.Append(mark).Append(exponent < 0 ? '-' : '+')
            .Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    /// <summary>Significant digits with the point at its place and at least so many decimals.</summary>
    public static string Positional(string digits, int exponent, int minimumDecimals)
    {
        string padded = exponent < 0 ? new string('0', -exponent) + digits : digits.PadRight(exponent + 1, '0');
        int whole = Math.Max(exponent, 0) + 1;
        string decimals = padded[whole..].PadRight(minimumDecimals, '0');
        return decimals.Length == 0 ? padded[..whole] : padded[..whole] + "." + decimals;
    }

    private static string Fixed(double value, int precision, bool alternate)
    {
        string digits = Scaled(value, precision).ToString(CultureInfo.InvariantCulture).PadLeft(precision + 1, '0');
        string whole = digits[..^precision];
        return precision > 0 ? whole + "." + digits[^precision..] : alternate ? whole + "." : whole;
    }

    private static string Scientific(double value, int precision, bool alternate)
    {
        (string digits, int exponent) = Significant(value, precision + 1);
        string text = Exponent(digits, exponent, 'e');
        return alternate && precision == 0 ? text.Insert(1, ".") : text;
    }

    private static string General(double value, int precision, bool alternate)
    {
        (string digits, int exponent) = Significant(value, precision);
        string kept = alternate ? digits : digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        string text = exponent < -4 || exponent >= precision ? Exponent(kept, exponent, 'e') : Positional(kept, exponent, 0);
        if (!alternate || text.Contains('.', StringComparison.Ordinal))
            return text;

        int mark = text.IndexOf('e', StringComparison.Ordinal);
        return mark < 0 ? text + "." : text.Insert(mark, ".");
    }

    private static string Brief(double value, int precision)
    {
        (string digits, int exponent) = Significant(value, precision);
        string kept = digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        return exponent < -4 || exponent >= precision - 1 ? Exponent(kept, exponent, 'e') : Positional(kept, exponent, 1);
    }

    /// <summary>Exactly so many significant digits, and the exponent of the first.</summary>
    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
            return (new string('0', count), 0);

        int exponent = (int)Math.Floor(Math.Log10(value));
        while (true)
        {
            string digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
                return (digits, exponent);
            exponent += digits.Length > count ? 1 : -1;
        }
    }

    /// <summary>The value times a power of ten, rounded to an integer, halves to even.</summary>
    private static BigInteger Scaled(double value, int powerOfTen)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = exponent == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        BigInteger denominator = 1;
        int power = Math.Max(exponent, 1) - 1075;
        if (power > 0)
            numerator <<= power;
        else
            denominator <<= -power;
        if (powerOfTen > 0)
            numerator *= BigInteger.Pow(10, powerOfTen);
        else
            denominator *= BigInteger.Pow(10, -powerOfTen);

        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int half = (remainder * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
