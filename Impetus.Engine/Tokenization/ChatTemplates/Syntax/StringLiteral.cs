using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>A quoted text in the source.</summary>
internal static class StringLiteral
{
    /// <summary>The length of the literal at an offset with both quotes; zero if it does not end.</summary>
    public static int LengthAt(string source, int start)
    {
        char quote = source[start];
        for (int at = start + 1; at < source.Length; at++)
        {
            if (source[at] == quote)
                return at + 1 - start;
            if (source[at] == '\\')
                at++;
        }

        return 0;
    }

    /// <summary>Python's escapes resolved; null and the fault if one is malformed. Unknown escapes stay as they are.</summary>
    public static string? Unescape(string body, out string? fault)
    {
        fault = null;
        if (!body.Contains('\\', StringComparison.Ordinal))
            return body;

        StringBuilder text = new(body.Length);
        for (int i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
                text.Append(body[i++]);
            else if (!AppendEscape(body, ref i, text, out fault))
                return null;
        }

        return text.ToString();
    }

    private static bool AppendEscape(string body, ref int i, StringBuilder text, out string? fault)
    {
        fault = null;
        if (i + 1 >= body.Length)
        {
            fault = "\\ at end of string";
            return false;
        }

        char c = body[i + 1];
        if (c is >= '0' and <= '7')
        {
            AppendOctal(body, ref i, text);
            return true;
        }

        if (c is 'x' or 'u' or 'U')
            return AppendHex(body, ref i, c == 'x' ? 2 : c == 'u' ? 4 : 8, text, out fault);
        if (c == 'N')
        {
            fault = "unknown Unicode character name";
            return false;
        }

        int units = PythonText.UnitsAt(body, i + 1);
        text.Append(Simple(c) ?? (char.IsAscii(c) ? "\\" + c : EscapedTwice(body.Substring(i + 1, units))));
        i += 1 + units;
        return true;
    }

    private static string? Simple(char c) => c switch
    {
        '\n' => "",
        '\\' or '\'' or '"' => c.ToString(),
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\v",
        _ => null,
    };

    /// <summary>
    /// Jinja turns what is not ASCII into escapes before it resolves escapes, so that a backslash before such a
    /// character swallows the escape's own backslash and leaves its letters.
    /// </summary>
    private static string EscapedTwice(string character)
    {
        int point = PythonText.CodePoints(character)[0];
        string hex = point.ToString(point <= 0xFF ? "x2" : point <= 0xFFFF ? "x4" : "x8", CultureInfo.InvariantCulture);
        return "\\" + (point <= 0xFF ? 'x' : point <= 0xFFFF ? 'u' : 'U') + hex;
    }

    private static void AppendOctal(string body, ref int i, StringBuilder text)
    {
        int value = 0, end = i + 1;
        while (end < body.Length && end < i + 4 && body[end] is >= '0' and <= '7')
            value = value * 8 + (body[end++] - '0');
        text.Append((char)value);
        i = end;
    }

    private static bool AppendHex(string body, ref int i, int digits, StringBuilder text, out string? fault)
    {
        int end = i + 2;
        while (end < body.Length && end < i + 2 + digits && char.IsAsciiHexDigit(body[end]))
            end++;
        fault = end < i + 2 + digits
            ? $"truncated \\{body[i + 1]}{new string('X', digits)} escape"
            : null;
        if (fault is not null)
            return false;

        uint point = uint.Parse(body.AsSpan(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (point > 0x10FFFF)
        {
            fault = "illegal Unicode character";
            return false;
        }

        text.Append(PythonText.FromCodePoint((int)point));
        i = end;
        return true;
    }
}
