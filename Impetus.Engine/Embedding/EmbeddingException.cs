using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Embedding;

/// <summary>Why texts could not be embedded or scored.</summary>
public enum EmbeddingFault
{
    /// <summary>A text has more tokens than the model reads.</summary>
    InputTooLong,

    /// <summary>A text has no tokens, and an empty one was not allowed.</summary>
    InputEmpty,

    /// <summary>The tokenizer has no token for a text.</summary>
    InputUnreadable,

    /// <summary>A token id is not in the model's vocabulary.</summary>
    UnknownToken,

    /// <summary>The model cannot give vectors of as many dimensions.</summary>
    UnsupportedDimensions,

    /// <summary>Too many tokens are waiting; try again later.</summary>
    QueueFull,

    /// <summary>The engine failed in the middle.</summary>
    EngineFault,

    /// <summary>The model is being unloaded or the server stops.</summary>
    ShuttingDown,
}

/// <summary>A request for vectors or scores that ends without an answer, with a message for the person who sent it.</summary>
public sealed class EmbeddingException(EmbeddingFault fault, string message, int? index = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public EmbeddingFault Fault { get; } = fault;

    /// <summary>Which of the texts is to blame, from 0; null if none by itself.</summary>
    public int? Index { get; } = index;

    internal static EmbeddingException TooLong(int index, int tokens, int limit) =>
        new(EmbeddingFault.InputTooLong, $"Input {index} has {tokens} tokens; the model reads at most {limit}.", index);

    internal static TokenSequence Blaming(int index, Func<TokenSequence> tokenize)
    {
        try
        {
            return tokenize();
        }
        catch (TokenizationException fault)
        {
            throw new EmbeddingException(EmbeddingFault.InputUnreadable, $"Input {index} cannot be made tokens of: {fault.Message}", index, fault);
        }
    }
}
