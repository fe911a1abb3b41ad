namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Takes up to so many of one character off each end of each token.</summary>
internal sealed class StripStage(string content, int start, int stop) : DecoderStage
{
    private int _left;
    private string _held = "";

    public override void Push(string chunk, bool starts, bool ends)
    {
        if (starts)
        {
            _held = "";
            _left = start;
        }
        while (_left > 0 && chunk.StartsWith(content, StringComparison.Ordinal))
        {
            chunk = chunk[content.Length..];
            _left--;
        }
        if (chunk.Length > 0)
            _left = 0;
        if (stop == 0)
        {
            Emit(chunk, starts, ends);
            return;
        }
        // What may have to be taken off the end is held until the end is known.
        string text = _held + chunk;
        int kept = text.Length;
        for (int i = 0; i < stop && text.AsSpan(0, kept).EndsWith(content, StringComparison.Ordinal); i++)
            kept -= content.Length;
        _held = ends ? "" : text[kept..];
        Emit(text[..kept], starts, ends);
    }
}
