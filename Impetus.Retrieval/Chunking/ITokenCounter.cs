namespace Impetus.Retrieval.Chunking;

/// <summary>Counts tokens as the embedding model will see them, special tokens left out. Implementations are thread-safe.</summary>
public interface ITokenCounter
{
    /// <summary>The number of tokens of <paramref name="text"/>.</summary>
    int Count(ReadOnlySpan<char> text);

    /// <summary>
    /// The length, in UTF-16 code units, of the longest prefix of <paramref name="text"/> that has at most
    /// <paramref name="maxTokens"/> tokens; <c>text.Length</c> where everything fits. Never splits a surrogate pair.
    /// </summary>
    int PrefixLength(ReadOnlySpan<char> text, int maxTokens);
}
