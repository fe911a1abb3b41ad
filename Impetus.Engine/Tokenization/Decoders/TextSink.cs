using System.Text;

namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>The end of a chain: gathers the text.</summary>
internal sealed class TextSink : DecoderStage
{
    private readonly StringBuilder _text = new();

    public override void Push(string chunk, bool starts, bool ends) => _text.Append(chunk);

    /// <summary>What has come since the last call.</summary>
    public string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
