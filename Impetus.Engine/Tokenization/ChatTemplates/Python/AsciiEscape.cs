using System.Globalization;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>ascii()</c> of a text that is a literal already.</summary>
internal static class AsciiEscape
{
    /// <summary>Writes every character beyond ASCII as an escape.</summary>
    public static string All(string text)
    {
        if (Ascii.IsValid(text))
            return text;

        StringBuilder escaped = new(text.Length);
        foreach (int point in PythonText.CodePoints(text))
            escaped.Append(point switch
            {
                < 0x80 => ((char)point).ToString(),
                <= 0xFF => "\\x" + point.ToString("x2", CultureInfo.InvariantCulture),
                <= 0xFFFF => "\\u" + point.ToString("x4", CultureInfo.InvariantCulture),
                _ => "\\U" + point.ToString("x8", CultureInfo.InvariantCulture),
            });
        return escaped.ToString();
    }
}
