namespace Impetus.Engine.Embedding;

/// <summary>One text, or pair of texts, as a model reads it.</summary>
/// <param name="Ids">Tokens, special ones included.</param>
/// <param name="Types">Each token's type, or empty: all 0.</param>
/// <param name="FullLength">How many tokens there were before it was cut to the model's limit.</param>
public sealed record TokenSequence(int[] Ids, int[] Types, int FullLength)
{
    /// <summary>Tokens as a client sends them, whole.</summary>
    public TokenSequence(int[] ids)
        : this(ids, [], ids.Length)
    {
    }

    /// <summary>Whether something was cut off.</summary>
    public bool Truncated => FullLength > Ids.Length;
}
