using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary><c>str.islower</c>, <c>str.isupper</c> and <c>str.istitle</c>: characters without case do not count, but one must have it.</summary>
internal static class CaseTests
{
    public static bool IsLower(string text) =>
        Every(text, UnicodeCase.IsLower, static c => UnicodeCase.IsUpper(c) || UnicodeCase.IsTitle(c));

    public static bool IsUpper(string text) =>
        Every(text, UnicodeCase.IsUpper, static c => UnicodeCase.IsLower(c) || UnicodeCase.IsTitle(c));

    public static bool IsTitle(string text)
    {
        bool inWord = false, hasCase = false;
        foreach (string character in PythonText.Characters(text))
        {
            bool startsWord = UnicodeCase.IsUpper(character) || UnicodeCase.IsTitle(character);
            bool isLower = UnicodeCase.IsLower(character);
            if ((startsWord && inWord) || (isLower && !inWord))
                return false;

            inWord = startsWord || isLower;
            hasCase |= inWord;
        }

        return hasCase;
    }

    private static bool Every(string text, Func<string, bool> wanted, Func<string, bool> unwanted)
    {
        bool found = false;
        foreach (string character in PythonText.Characters(text))
        {
            if (unwanted(character))
                return false;
            found |= wanted(character);
        }

        return found;
    }
}
