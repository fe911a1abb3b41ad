using System.Diagnostics;

namespace Impetus.Server.Documents;

/// <summary>How the reader's child process is called: this program itself, with <see cref="Argument"/>.</summary>
public static class ReaderProgram
{
    /// <summary>The argument that makes an executable of ours a reader, and nothing else.</summary>
    public const string Argument = "--reader";

    /// <summary>
    /// The command beside the program when it is there (also where another program hosts it) or in the app's <c>Resources</c>, else the
    /// running program.
    /// </summary>
    public static ProcessStartInfo Start()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Impetus.Server.exe" : "Impetus.Server");
        string running = Environment.ProcessPath ?? beside;
        // The app cannot be its own child: a program with the sandbox's entitlement may not enter it twice, and the command inherits it.
        string bundled = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "Resources", "impetus", "impetus"));
        foreach (string command in (string[])[beside, bundled])
        {
            if (File.Exists(command))
                return new(command, [Argument]);
        }

        return Path.GetFileNameWithoutExtension(running) == "dotnet"
            ? new(running, [Path.Combine(AppContext.BaseDirectory, "Impetus.Server.dll"), Argument])
            : new(running, [Argument]);
    }
}
