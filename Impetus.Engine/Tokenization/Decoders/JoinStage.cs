namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Puts a space between tokens: what a file without a decoder gets.</summary>
internal sealed class JoinStage : WholeTokenStage
{
    private bool _started;

    protected override void Token(string token)
    {
        Emit(_started ? " " + token : token);
        _started = true;
    }
}
