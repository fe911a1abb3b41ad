namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Turns the end-of-word suffix into a space, and into nothing in the last token.</summary>
internal sealed class WordEndStage(string suffix) : WholeTokenStage
{
    private string? _last;

    protected override void End()
    {
        if (_last is not null)
            Emit(Replaced(_last, ""));
    }

    protected override void Token(string token)
    {
        if (_last is not null)
            Emit(Replaced(_last, " "));
        _last = token;
    }

    private string Replaced(string token, string replacement) =>
        suffix.Length == 0 ? token : token.Replace(suffix, replacement, StringComparison.Ordinal);
}
