namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Line endings.</summary>
internal static class Newlines
{
    /// <summary>Turns CR LF and lone CR into LF.</summary>
    public static string ToLineFeeds(string text) => text.Contains('\r', StringComparison.Ordinal)
        ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
        : text;
}
