namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Turns letters back into bytes and bytes, as UTF-8, into text: one token for all. Ill-formed bytes become U+FFFD.</summary>
internal sealed class ByteLevelStage : WholeTokenStage
{
    private readonly System.Text.Decoder _utf8 = System.Text.Encoding.UTF8.GetDecoder();
    private bool _started;

    protected override void End()
    {
        Decode([], flush: true);
        Emit("", starts: !_started, ends: true);
    }

    protected override void Token(string token) => Decode(ByteAlphabet.BytesOf(token), flush: false);

    private void Decode(byte[] bytes, bool flush)
    {
        var characters = new char[_utf8.GetCharCount(bytes, flush)];
        int count = _utf8.GetChars(bytes, characters, flush);
        if (count == 0)
            return;
        Emit(new string(characters, 0, count), starts: !_started, ends: false);
        _started = true;
    }
}
