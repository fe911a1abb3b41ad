namespace Impetus.Engine.Tokenization;

/// <summary>An encoding cut to fit.</summary>
/// <param name="Encoding">What is left, special tokens included.</param>
/// <param name="FullLength">How many tokens there would be uncut, special ones included.</param>
public sealed record TruncatedEncoding(TokenEncoding Encoding, int FullLength)
{
    /// <summary>Whether something was cut off.</summary>
    public bool IsTruncated => FullLength > Encoding.Count;
}
