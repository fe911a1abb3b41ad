namespace Impetus.Engine.Weights;

/// <summary>A model's folder cannot be used; the message names the file, the tensor or key, and the fault.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
