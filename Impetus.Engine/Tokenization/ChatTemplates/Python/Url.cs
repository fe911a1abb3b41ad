using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Percent-encoding as <c>urllib.parse.quote</c> does it.</summary>
internal static class Url
{
    /// <summary>Encodes all but letters, digits and <c>_ . - ~</c>; in a query a blank becomes <c>+</c>, elsewhere a slash stays.</summary>
    public static string Quote(string text, bool isQuery)
    {
        StringBuilder quoted = new(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '~' || (c == '/' && !isQuery))
                quoted.Append(c);
            else if (c == ' ' && isQuery)
                quoted.Append('+');
            else
                quoted.Append('%').Append(Convert.ToHexString([b]));
        }

        return quoted.ToString();
    }
}
