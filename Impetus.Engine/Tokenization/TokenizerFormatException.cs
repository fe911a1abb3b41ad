namespace Impetus.Engine.Tokenization;

/// <summary>A tokenizer file that cannot be used: damaged, or asking for what this engine does not know.</summary>
/// <remarks>The message names the file, the place in it (a JSON path) and what stands there.</remarks>
public sealed class TokenizerFormatException : Exception
{
    public TokenizerFormatException(string message) : base(message)
    {
    }

    public TokenizerFormatException(string message, Exception inner) : base(message, inner)
    {
    }

    public TokenizerFormatException()
    {
    }
}
