namespace Impetus.Engine.Generation;

/// <summary>Why a request could not be served.</summary>
public enum GenerationFault
{
    /// <summary>Prompt and answer do not fit the context.</summary>
    ContextLengthExceeded,

    /// <summary>Too many requests are waiting; try again later.</summary>
    QueueFull,

    /// <summary>The request needs more KV cache than is set aside for all. One that fits waits for its turn.</summary>
    OutOfMemory,

    /// <summary>The engine failed in the middle.</summary>
    EngineFault,

    /// <summary>The model is being unloaded or the server stops.</summary>
    ShuttingDown,
}

/// <summary>A request that ends without an answer, with a message for the person who sent it.</summary>
public sealed class GenerationException(GenerationFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public GenerationFault Fault { get; } = fault;
}
