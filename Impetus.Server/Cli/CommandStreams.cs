using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>What a command reads from and writes to: the process's own streams, or a test's.</summary>
/// <param name="Input">What is piped in.</param>
/// <param name="Output">Answers; for scripts nothing else.</param>
/// <param name="Error">Faults and progress, for people.</param>
internal sealed record CommandStreams(Stream Input, Stream Output, TextWriter Error)
{
    private const int Unbroken = 100_000;

    private readonly TextWriter? _text;

    /// <summary>The output, for text.</summary>
    public TextWriter Text
    {
        get => _text ?? new StreamWriter(Output, leaveOpen: true) { AutoFlush = true };
        private init => _text = value;
    }

    /// <summary>The output for people: colours and widths as their terminal has them, plain when it is none, and then no line is broken.</summary>
    public IAnsiConsole Console
    {
        get
        {
            var output = new AnsiConsoleOutput(Text);
            if (output.IsTerminal)
                return AnsiConsole.Create(new() { Out = output });
            var console = AnsiConsole.Create(new() { Out = output, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
            console.Profile.Width = Unbroken;
            return console;
        }
    }

    /// <summary>Writes one JSON value and ends the line.</summary>
    public async Task WriteJsonAsync(Action<Utf8JsonWriter> write)
    {
        var readable = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        await using (var json = new Utf8JsonWriter(Output, readable))
            write(json);
        await Output.WriteAsync("\n"u8.ToArray());
        await Output.FlushAsync();
    }

    /// <summary>The process's own; bytes, so that neither locale nor byte order mark can change a text.</summary>
    public static CommandStreams OfProcess() =>
        new(System.Console.OpenStandardInput(), System.Console.OpenStandardOutput(), System.Console.Error) { Text = System.Console.Out };
}
