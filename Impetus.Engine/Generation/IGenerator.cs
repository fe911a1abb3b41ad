namespace Impetus.Engine.Generation;

/// <summary>A loaded language model that answers requests: what the server talks to. Thread safe.</summary>
public interface IGenerator
{
    /// <summary>How many tokens prompt and answer may have together.</summary>
    int ContextLength { get; }

    /// <summary>V: token ids are below this.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// Writes the answers to a request. Cancelling (or leaving the enumeration) ends its sequences before the next step. A
    /// reader that is slow never holds up the engine: events wait for it, bounded by the request's own token limit.
    /// </summary>
    /// <exception cref="GenerationException">It cannot be served, or failed in the middle.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancel = default);
}
