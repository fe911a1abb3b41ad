namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Makes one token of all.</summary>
internal sealed class FuseStage : DecoderStage
{
    private bool _started;

    public override void Push(string chunk, bool starts, bool ends)
    {
        Emit(chunk, starts: !_started, ends: false);
        _started = true;
    }

    public override void Finish()
    {
        if (_started)
            Emit("", starts: false);
        base.Finish();
    }
}
