using Impetus.Retrieval.Chunking;

namespace Impetus.Retrieval.Tests.Chunking;

/// <summary>Counts like a small WordPiece vocabulary: four letters or digits a token, every other visible character one.</summary>
internal sealed class PieceCounter : ITokenCounter
{
    public int Count(ReadOnlySpan<char> text) => Walk(text, int.MaxValue).Tokens;

    public int PrefixLength(ReadOnlySpan<char> text, int maxTokens) => Walk(text, maxTokens).Length;

    private static (int Tokens, int Length) Walk(ReadOnlySpan<char> text, int maxTokens)
    {
        int tokens = 0, run = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool starts = char.IsLetterOrDigit(text[i]) ? run++ % 4 == 0 : !char.IsWhiteSpace(text[i]) && !char.IsLowSurrogate(text[i]);
            if (!char.IsLetterOrDigit(text[i]))
                run = 0;
            if (starts && tokens == maxTokens)
                return (tokens, i);
            tokens += starts ? 1 : 0;
        }
        return (tokens, text.Length);
    }
}
