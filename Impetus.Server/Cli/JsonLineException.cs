namespace Impetus.Server.Cli;

/// <summary>A line that cannot be answered; the message is for the person who wrote it.</summary>
internal sealed class JsonLineException(string message, Exception? cause = null) : Exception(message, cause);
