using Impetus.Engine.Hub;

namespace Impetus.Server.Management;

/// <summary>What must be free in memory for models and their requests.</summary>
internal static class ModelNeeds
{
    /// <summary>Tokens of a short conversation: a model is of use when it has room for one.</summary>
    private const int LeastContext = 1024;

    private const int LeastChunk = 256;

    /// <summary>Bytes that must be free for a model to be loaded.</summary>
    public static long ToLoad(MemoryEstimate estimate) =>
        estimate.LoadBytes + LeastCacheBytes(estimate) + estimate.StepBytes(LeastChunk, 1, LeastContext);

    /// <summary>Bytes of the cache of a short conversation.</summary>
    public static long LeastCacheBytes(MemoryEstimate estimate) => estimate.CacheBytes(Math.Min(estimate.ContextLength, LeastContext));

    /// <summary>Bytes that must be free beside a model for a prompt to be computed and answered.</summary>
    /// <param name="estimate">Of the model.</param>
    /// <param name="tokens">Of the prompt and of what is written at once.</param>
    /// <param name="sequences">How many answers there are.</param>
    public static long ToAnswer(MemoryEstimate estimate, int tokens, int sequences) =>
        estimate.CacheBytes(tokens, sequences) + estimate.StepBytes(Math.Min(tokens, LeastChunk), sequences, tokens);
}
