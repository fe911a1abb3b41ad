namespace Impetus.Server.Hosting;

/// <summary>The server cannot start as it is set up; the message says what to write instead.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
