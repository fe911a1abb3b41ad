using System.Globalization;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Names, by Unicode's rule for identifiers.</summary>
internal static class Identifier
{
    /// <summary>How many code units of a name stand at an offset; zero if none does. The name may still be invalid.</summary>
    public static int LengthAt(string source, int start)
    {
        int at = start;
        while (at < source.Length && IsWord(source, at))
            at += PythonText.UnitsAt(source, at);
        return at - start;
    }

    /// <summary>Python's <c>str.isidentifier</c>.</summary>
    public static bool IsValid(string name)
    {
        if (name.Length == 0 || !IsStart(name, 0))
            return false;

        for (int at = 0; at < name.Length; at += PythonText.UnitsAt(name, at))
            if (!IsStart(name, at) && !IsContinue(name, at))
                return false;
        return true;
    }

    private static bool IsStart(string text, int at) =>
        text[at] is '_' or '\u2118' or '\u212e'
        || CharUnicodeInfo.GetUnicodeCategory(text, at) is <= UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    private static bool IsContinue(string text, int at) =>
        text[at] is '\u00b7' or '\u0387' or '\u19da'
        || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;

    private static bool IsWord(string text, int at) =>
        char.IsAscii(text[at])
            ? char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'
            : IsStart(text, at) || IsContinue(text, at) || CharUnicodeInfo.GetUnicodeCategory(text, at) == UnicodeCategory.OtherNumber;
}
