namespace Impetus.Server.Cli;

/// <summary>What a command reads from and writes to: the process's own streams, or a test's.</summary>
/// <param name="Input">What is piped in.</param>
/// <param name="Output">Answers; for scripts nothing else.</param>
/// <param name="Error">Faults and progress, for people.</param>
internal sealed record CommandStreams(Stream Input, Stream Output, TextWriter Error)
{
    /// <summary>The process's own; bytes, so that neither locale nor byte order mark can change a text.</summary>
    public static CommandStreams OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error);
}
