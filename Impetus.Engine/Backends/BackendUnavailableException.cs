namespace Impetus.Engine.Backends;

/// <summary>The backend that was asked for cannot be used on this machine; the message says what is missing and what to do.</summary>
public sealed class BackendUnavailableException(string message) : Exception(message);
