using System.Net;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>What <c>markupsafe</c> does with HTML.</summary>
internal static class Html
{
    /// <summary>Escapes the five special characters.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0)
            return text;

        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in text)
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\'' => escaped.Append("&#39;"),
                '"' => escaped.Append("&#34;"),
                _ => escaped.Append(c),
            };
        return escaped.ToString();
    }

    /// <summary>Removes comments and tags, makes white space single blanks, and resolves entities.</summary>
    public static string StripTags(string text)
    {
        string plain = Remove(Remove(text, "<!--", "-->"), "<", ">");
        return WebUtility.HtmlDecode(string.Join(' ', SplitWords.All(plain)));
    }

    private static string Remove(string text, string opening, string closing)
    {
        StringBuilder kept = new(text.Length);
        int position = 0;
        while (text.IndexOf(opening, position, StringComparison.Ordinal) is >= 0 and int start)
        {
            int end = text.IndexOf(closing, start, StringComparison.Ordinal);
            if (end < 0)
                break;

            kept.Append(text, position, start - position);
            position = end + closing.Length;
        }

        return kept.Append(text, position, text.Length - position).ToString();
    }
}
