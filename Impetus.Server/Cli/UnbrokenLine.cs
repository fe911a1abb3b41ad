using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>A line however long: where a terminal is too narrow it goes on below without a break in the text, so that it can be copied.</summary>
internal static class UnbrokenLine
{
    /// <param name="console">Where to.</param>
    /// <param name="parts">Its text, in pieces of a style each.</param>
    public static void Write(IAnsiConsole console, params IEnumerable<(string Text, Style Style)> parts)
    {
        var line = new Paragraph();
        foreach (var (text, style) in parts)
            line.Append(text, style);
        int width = console.Profile.Width;
        console.Profile.Width = Math.Max(width, line.Length + 1);
        console.Write(line);
        console.WriteLine();
        console.Profile.Width = width;
    }
}
