namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Turns the replacement character back into spaces; in the first token it goes, unless none is ever put in front.</summary>
internal sealed class MetaspaceStage(Metaspace settings) : DecoderStage
{
    private int _token;

    public override void Push(string chunk, bool starts, bool ends)
    {
        if (starts)
            _token++;
        bool dropped = _token <= 1 && settings.Prepend != PrependScheme.Never;
        Emit(chunk.Replace(settings.Replacement, dropped ? "" : " ", StringComparison.Ordinal), starts, ends);
    }
}
