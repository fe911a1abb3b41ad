namespace Impetus.Native;

/// <summary>A call into MLX failed; the message is MLX's own.</summary>
public sealed class MlxException(string message) : Exception(message);
