using System.Diagnostics;

namespace Impetus.Server.Documents;

/// <summary>How the reader's child process is called: this program itself, with <see cref="Argument"/>.</summary>
public static class ReaderProgram
{
    /// <summary>The argument that makes an executable of ours a reader, and nothing else.</summary>
    public const string Argument = "--reader";

    /// <summary>
    /// The command beside the program when it is there (also where another program hosts it), else the running program.
    /// </summary>
    public static ProcessStartInfo Start()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Impetus.Server.exe" : "Impetus.Server");
        string running = Environment.ProcessPath ?? beside;
        if (File.Exists(beside))
            return new(beside, [Argument]);
        return Path.GetFileNameWithoutExtension(running) == "dotnet"
            ? new(running, [Path.Combine(AppContext.BaseDirectory, "Impetus.Server.dll"), Argument])
            : new(running, [Argument]);
    }
}
