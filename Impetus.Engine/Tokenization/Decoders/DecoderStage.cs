namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>
/// One step of turning tokens back into text, which keeps its state between tokens and passes its own tokens on. A token may
/// come in chunks: the first says <c>starts</c>, the last <c>ends</c>. Not thread safe: each text has its own stages.
/// </summary>
internal abstract class DecoderStage
{
    /// <summary>The stage that receives what this one makes.</summary>
    public DecoderStage? Next { get; set; }

    /// <summary>Takes a chunk of a token.</summary>
    public abstract void Push(string chunk, bool starts, bool ends);

    /// <summary>Ends the text.</summary>
    public virtual void Finish() => Next?.Finish();

    protected void Emit(string chunk, bool starts = true, bool ends = true) => Next?.Push(chunk, starts, ends);
}

/// <summary>A stage that needs each token whole.</summary>
internal abstract class WholeTokenStage : DecoderStage
{
    private string _pending = "";
    private bool _open;

    public sealed override void Push(string chunk, bool starts, bool ends)
    {
        if (starts && ends && !_open)
        {
            Token(chunk);
            return;
        }
        if (starts)
            Close();
        _pending += chunk;
        _open = true;
        if (ends)
            Close();
    }

    public sealed override void Finish()
    {
        Close();
        End();
        base.Finish();
    }

    protected abstract void Token(string token);

    /// <summary>Emits what was held back when no more tokens come.</summary>
    protected virtual void End()
    {
    }

    private void Close()
    {
        if (_open)
            Token(_pending);
        (_pending, _open) = ("", false);
    }
}
