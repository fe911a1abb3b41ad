namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Connectionist temporal classification: repeated tokens count once, padding goes, the delimiter is a space.</summary>
internal sealed class CtcStage(string pad, string delimiter, bool cleanup) : WholeTokenStage
{
    private string? _previous;

    protected override void Token(string token)
    {
        if (token == _previous)
            return;
        _previous = token;
        string text = Replace(token, pad, "");
        if (cleanup)
            text = Replace(WordPieceStage.CleanUp(text), delimiter, " ");
        if (text.Length > 0)
            Emit(text);
    }

    private static string Replace(string text, string old, string replacement) =>
        old.Length == 0 ? text : text.Replace(old, replacement, StringComparison.Ordinal);
}
