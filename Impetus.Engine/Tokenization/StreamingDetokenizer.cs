using Impetus.Engine.Tokenization.Decoders;

namespace Impetus.Engine.Tokenization;

/// <summary>
/// Turns ids into text one by one. What it has given out never changes; characters whose bytes are incomplete wait. All deltas
/// and the flush together are what <see cref="HfTokenizer.Decode(IEnumerable{int}, bool)"/> gives. For one thread.
/// </summary>
public sealed class StreamingDetokenizer
{
    private readonly HfTokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly TextSink _sink = new();
    private readonly DecoderStage _stages;

    internal StreamingDetokenizer(HfTokenizer tokenizer, Decoder decoder, bool skipSpecialTokens)
    {
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
        _stages = decoder.Start(streaming: true, _sink);
    }

    /// <summary>Takes an id and gives the text that is certain now, often none. Ids that the vocabulary lacks give none.</summary>
    public string Push(int id)
    {
        if (_tokenizer.DecodedToken(id, _skipSpecialTokens) is { } token)
            _stages.Push(token, starts: true, ends: true);
        return _sink.Take();
    }

    /// <summary>Ends the text and gives what was still held back.</summary>
    public string Flush()
    {
        _stages.Finish();
        return _sink.Take();
    }
}
