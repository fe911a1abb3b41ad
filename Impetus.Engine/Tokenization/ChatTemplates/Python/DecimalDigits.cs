using System.Globalization;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Numbers may be written in the decimal digits of any script.</summary>
internal static class DecimalDigits
{
    /// <summary>Replaces every decimal digit by its ASCII form.</summary>
    public static string ToAscii(string text)
    {
        if (Ascii.IsValid(text))
            return text;

        StringBuilder ascii = new(text.Length);
        foreach (string character in PythonText.Characters(text))
        {
            int digit = CharUnicodeInfo.GetDecimalDigitValue(character, 0);
            ascii.Append(digit < 0 ? character : ((char)('0' + digit)).ToString());
        }

        return ascii.ToString();
    }
}
