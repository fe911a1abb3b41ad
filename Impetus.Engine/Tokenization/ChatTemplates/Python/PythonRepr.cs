using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>repr</c> of texts and bytes.</summary>
internal static class PythonRepr
{
    /// <summary>The literal of a short text, for messages.</summary>
    public static string Of(string text)
    {
        TextBuilder repr = new(new Budget(TemplateLimits.Default));
        Append(text, repr);
        return repr.ToString();
    }

    /// <summary>Writes a text as a Python literal: double quotes only if it holds single ones and no double ones.</summary>
    public static void Append(string text, TextBuilder into)
    {
        into.Budget.ChargeText(text.Length);
        char quote = QuoteFor(text.Contains('\'', StringComparison.Ordinal), text.Contains('"', StringComparison.Ordinal));
        StringBuilder literal = new(text.Length + 2);
        literal.Append(quote);
        foreach (string character in PythonText.Characters(text))
            Append(character, quote, literal);
        into.Append(literal.Append(quote).ToString());
    }

    /// <summary>Writes bytes as a Python literal.</summary>
    public static void Append(byte[] bytes, TextBuilder into)
    {
        into.Budget.ChargeText(bytes.Length);
        char quote = QuoteFor(bytes.Contains((byte)'\''), bytes.Contains((byte)'"'));
        StringBuilder literal = new(bytes.Length + 3);
        literal.Append('b').Append(quote);
        foreach (byte b in bytes)
        {
            if (b < 0x7f)
                Append(((char)b).ToString(), quote, literal);
            else
                literal.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        into.Append(literal.Append(quote).ToString());
    }

    private static char QuoteFor(bool hasSingle, bool hasDouble) => hasSingle && !hasDouble ? '"' : '\'';

    private static void Append(string character, char quote, StringBuilder literal)
    {
        char first = character[0];
        if (first == quote || first == '\\')
            literal.Append('\\').Append(first);
        else if (first is >= ' ' and < '\x7f' || (first >= '\x7f' && UnicodeCase.IsPrintable(character)))
            literal.Append(character);
        else
            literal.Append(Escape(character));
    }

    private static string Escape(string character) => character switch
    {
        "\n" => "\\n",
        "\r" => "\\r",
        "\t" => "\\t",
        { Length: 2 } => "\\U" + char.ConvertToUtf32(character, 0).ToString("x8", CultureInfo.InvariantCulture),
        _ when character[0] <= 0xFF => "\\x" + ((int)character[0]).ToString("x2", CultureInfo.InvariantCulture),
        _ => "\\u" + ((int)character[0]).ToString("x4", CultureInfo.InvariantCulture),
    };
}
