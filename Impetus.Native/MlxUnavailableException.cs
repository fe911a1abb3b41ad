namespace Impetus.Native;

/// <summary>MLX cannot be used in this process; the message says what is missing and what to do.</summary>
public sealed class MlxUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
