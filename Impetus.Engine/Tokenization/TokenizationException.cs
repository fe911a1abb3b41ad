namespace Impetus.Engine.Tokenization;

/// <summary>A text that a sound tokenizer cannot encode: no unknown token to fall back on, or a pattern that takes too many steps.</summary>
public sealed class TokenizationException : Exception
{
    public TokenizationException(string message) : base(message)
    {
    }

    public TokenizationException(string message, Exception inner) : base(message, inner)
    {
    }

    public TokenizationException()
    {
    }
}
