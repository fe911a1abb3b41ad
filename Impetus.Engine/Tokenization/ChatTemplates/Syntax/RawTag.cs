using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>A <c>{% raw %}</c> or <c>{% endraw %}</c>, which the lexer must know since what stands between is not code.</summary>
/// <param name="Sign">The white space sign after <c>{%</c>, or NUL.</param>
/// <param name="End">The offset after the tag and after the white space that it takes.</param>
internal sealed record RawTag(char Sign, int End)
{
    /// <summary>The tag at an offset where <c>{%</c> stands, or null if another tag stands there.</summary>
    public static RawTag? Match(string source, int at, string name)
    {
        int i = at + 2;
        char sign = i < source.Length && source[i] is '-' or '+' ? source[i++] : '\0';
        SkipSpace();
        if (string.CompareOrdinal(source, i, name, 0, name.Length) != 0)
            return null;

        i += name.Length;
        SkipSpace();
        bool opens = name == "raw";
        char endSign = i < source.Length && (source[i] == '-' || (source[i] == '+' && !opens)) ? source[i++] : '\0';
        if (string.CompareOrdinal(source, i, "%}", 0, 2) != 0)
            return null;

        i += 2;
        if (endSign == '-')
            SkipSpace();
        else if (endSign == '\0' && !opens && i < source.Length && source[i] == '\n')
            i++;
        return new RawTag(sign, i);

        void SkipSpace()
        {
            while (i < source.Length && PythonText.IsSpace(source[i]))
                i++;
        }
    }
}
