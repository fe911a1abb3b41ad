namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Joins continuations to their word, puts spaces between words, and tidies those before punctuation.</summary>
internal sealed class WordPieceStage(string prefix, bool cleanup) : WholeTokenStage
{
    private bool _started;

    /// <summary>The reference's tidying of English.</summary>
    public static string CleanUp(string text) => text
        .Replace(" .", ".", StringComparison.Ordinal)
        .Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal)
        .Replace(" ,", ",", StringComparison.Ordinal)
        .Replace(" ' ", "'", StringComparison.Ordinal)
        .Replace(" n't", "n't", StringComparison.Ordinal)
        .Replace(" 'm", "'m", StringComparison.Ordinal)
        .Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal)
        .Replace(" 've", "'ve", StringComparison.Ordinal)
        .Replace(" 're", "'re", StringComparison.Ordinal);

    protected override void Token(string token)
    {
        if (_started)
            token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        _started = true;
        Emit(cleanup ? CleanUp(token) : token);
    }
}
