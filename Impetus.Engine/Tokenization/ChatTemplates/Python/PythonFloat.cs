using System.Globalization;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>repr(float)</c> and <c>float(str)</c>.</summary>
internal static class PythonFloat
{
    /// <summary>The shortest digits that read back as the same number: <c>1.0</c>, <c>1e-07</c>, <c>1e+16</c>, <c>inf</c>, <c>nan</c>.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

        string sign = double.IsNegative(value) ? "-" : "";
        (string digits, int exponent) = Shortest(Math.Abs(value));
        return sign + (exponent is < -4 or >= 16
            ? FloatFormat.Exponent(digits, exponent, 'e')
            : FloatFormat.Positional(digits, exponent, minimumDecimals: 1));
    }

    /// <summary>Reads a number as <c>float()</c> does: white space around it, underscores between digits, inf and nan.</summary>
    public static bool TryParse(string text, out double value)
    {
        string trimmed = DecimalDigits.ToAscii(PythonText.Strip(text, true, true));
        if (TryParseSpecial(trimmed, out value))
            return true;

        return TryRemoveUnderscores(trimmed, out string digits)
            && IsNumber(digits)
            && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Removes underscores, which must each stand between two digits.</summary>
    public static bool TryRemoveUnderscores(string text, out string digits)
    {
        digits = text;
        for (int i = text.IndexOf('_', StringComparison.Ordinal); i >= 0; i = text.IndexOf('_', i + 1))
            if (i == 0 || i == text.Length - 1 || !char.IsAsciiLetterOrDigit(text[i - 1]) || !char.IsAsciiLetterOrDigit(text[i + 1]))
                return false;
        digits = text.Replace("_", "", StringComparison.Ordinal);
        return true;
    }

    /// <summary>The digits of a positive number or zero without zeros at either end, and the exponent of the first of them.</summary>
    private static (string Digits, int Exponent) Shortest(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        string mantissa = mark < 0 ? text : text[..mark];
        int exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        if (significant.Length == 0)
            return ("0", 0);

        int wholeDigits = point < 0 ? mantissa.Length : point;
        return (significant.TrimEnd('0'), exponent + wholeDigits - 1 - (digits.Length - significant.Length));
    }

    private static bool TryParseSpecial(string text, out double value)
    {
        string name = text.TrimStart('+', '-').ToLowerInvariant();
        value = name is "nan" ? double.NaN : name is "inf" or "infinity" ? double.PositiveInfinity : 0;
        if (value == 0 || text.Length - name.Length > 1)
            return false;

        value = text[0] == '-' ? -value : value;
        return true;
    }

    private static bool IsNumber(string text)
    {
        int i = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        int digits = Digits(text, ref i);
        if (i < text.Length && text[i] == '.')
        {
            i++;
            digits += Digits(text, ref i);
        }

        if (digits == 0)
            return false;

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-')
                i++;
            if (Digits(text, ref i) == 0)
                return false;
        }

        return i == text.Length;
    }

    private static int Digits(string text, ref int i)
    {
        int start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
            i++;
        return i - start;
    }
}
