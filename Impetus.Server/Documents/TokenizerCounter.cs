using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Chunking;

namespace Impetus.Server.Documents;

/// <summary>Counts tokens for the library as the embedding model's own tokenizer does, special tokens left out.</summary>
public sealed class TokenizerCounter(HfTokenizer tokenizer) : ITokenCounter
{
    /// <inheritdoc/>
    public int Count(ReadOnlySpan<char> text) => tokenizer.CountTokens(text.ToString(), addSpecialTokens: false);

    /// <inheritdoc/>
    public int PrefixLength(ReadOnlySpan<char> text, int maxTokens)
    {
        // A token is hardly ever longer than this; without a bound a huge text would be encoded for its beginning.
        string head = text[..(int)Math.Min(text.Length, maxTokens * 64L)].ToString();
        var offsets = tokenizer.Encode(head, addSpecialTokens: false).Offsets;
        return offsets.Count <= maxTokens
            ? head.Length
            : CodePoints.ToUtf16(head, maxTokens == 0 ? 0 : offsets[maxTokens - 1].End);
    }
}
