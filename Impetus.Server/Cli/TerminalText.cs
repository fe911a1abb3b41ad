using System.Text;

namespace Impetus.Server.Cli;

/// <summary>Text of documents and models on a terminal: it must not move the cursor, set titles or colours, or hide what stands before it.</summary>
internal static class TerminalText
{
    /// <summary>The text without control characters, but for line breaks and tabs.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!char.IsControl(c) || c is '\n' or '\t')
                safe.Append(c);
        }

        return safe.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string OneLine(string text) => string.Join(' ', Safe(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
