using System.Text;
using Spectre.Console;

namespace Impetus.Server.Tests.Cli;

/// <summary>A terminal of so many columns without colours, whose text a test reads.</summary>
internal sealed class TestTerminal(int columns) : IAnsiConsoleOutput
{
    public TextWriter Writer { get; } = new StringWriter();

    public bool IsTerminal => true;

    public int Width => columns;

    public int Height => 40;

    /// <summary>What stands on it, without spaces at the ends of lines.</summary>
    public IReadOnlyList<string> Lines => [.. $"{Writer}".TrimEnd().Split('\n').Select(line => line.TrimEnd())];

    /// <summary>A console that writes to it.</summary>
    public IAnsiConsole Open() => AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = this });

    public void SetEncoding(Encoding encoding)
    {
    }
}
