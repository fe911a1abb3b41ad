namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary><c>str.split()</c> and <c>str.rsplit()</c> at runs of white space, of which none begins or ends the result.</summary>
internal static class SplitWords
{
    /// <summary>All words.</summary>
    public static List<string> All(string text) => FromStart(text, -1);

    /// <summary>At most <paramref name="limit"/> words and the rest; negative: all.</summary>
    public static List<string> FromStart(string text, int limit)
    {
        List<string> words = [];
        int at = 0;
        while (true)
        {
            while (at < text.Length && PythonText.IsSpace(text[at]))
                at++;
            if (at == text.Length)
                return words;
            if (words.Count == limit)
            {
                words.Add(PythonText.Strip(text[at..], start: false, end: true));
                return words;
            }

            int start = at;
            while (at < text.Length && !PythonText.IsSpace(text[at]))
                at++;
            words.Add(text[start..at]);
        }
    }

    /// <summary>The same counted from the end.</summary>
    public static List<string> FromEnd(string text, int limit)
    {
        List<string> words = [];
        int end = text.Length;
        while (true)
        {
            while (end > 0 && PythonText.IsSpace(text[end - 1]))
                end--;
            if (end == 0)
                break;
            if (words.Count == limit)
            {
                words.Add(PythonText.Strip(text[..end], start: true, end: false));
                break;
            }

            int stop = end;
            while (end > 0 && !PythonText.IsSpace(text[end - 1]))
                end--;
            words.Add(text[end..stop]);
        }

        words.Reverse();
        return words;
    }
}
