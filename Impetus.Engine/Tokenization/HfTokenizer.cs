using Impetus.Engine.Tokenization.AddedTokens;
using Impetus.Engine.Tokenization.Decoders;
using Impetus.Engine.Tokenization.Models;
using Impetus.Engine.Tokenization.PostProcessors;
using Microsoft.ML.Tokenizers;
using TextNormalizer = Impetus.Engine.Tokenization.Normalizers.Normalizer;
using TextPreTokenizer = Impetus.Engine.Tokenization.PreTokenizers.PreTokenizer;

namespace Impetus.Engine.Tokenization;

/// <summary>
/// A tokenizer from Hugging Face's <c>tokenizer.json</c>, exact to the id: normaliser, pre-tokeniser, model, post-processor,
/// decoder and added tokens. Truncation and padding sections of the file are ignored, as transformers does, unless asked for.
/// Thread safe.
/// </summary>
public sealed partial class HfTokenizer : Tokenizer
{
    private readonly AddedVocabulary _added;
    private readonly TextNormalizer? _normalizer;
    private readonly TextPreTokenizer? _preTokenizer;
    private readonly Model _model;
    private readonly PostProcessor? _postProcessor;
    private readonly Decoder _decoder;
    private readonly byte[]?[] _tokenBytes;

    internal HfTokenizer(ConfigNode config)
    {
        _model = Model.Load(config["model"]);
        _normalizer = TextNormalizer.Load(config["normalizer"]);
        _preTokenizer = TextPreTokenizer.Load(config["pre_tokenizer"]);
        _postProcessor = PostProcessor.Load(config["post_processor"]);
        _decoder = Decoder.Load(config["decoder"]);
        _added = new AddedVocabulary(config["added_tokens"], _model, _normalizer);
        FileTruncation = TruncationOptions.Load(config["truncation"]);
        FilePadding = PaddingOptions.Load(config["padding"]);
        VocabularySize = Math.Max(_model.Vocabulary.IdLimit, _added.IdLimit);
        _tokenBytes = new byte[]?[VocabularySize];
    }

    /// <summary>One more than the greatest id; smaller ids without a token are possible.</summary>
    public int VocabularySize { get; }

    /// <summary>The token for what the vocabulary lacks; null when the model has none.</summary>
    public int? UnknownId => _model.UnknownId;

    /// <summary>The file's own truncation, which nothing follows unless it is passed on; null when the file has none.</summary>
    public TruncationOptions? FileTruncation { get; }

    /// <summary>The file's own padding, which nothing follows unless it is passed on; null when the file has none.</summary>
    public PaddingOptions? FilePadding { get; }

    /// <summary>Reads <c>tokenizer.json</c> (or <c>tokenizer.json.gz</c>), or the one in a folder.</summary>
    /// <exception cref="TokenizerFormatException">The file is damaged, or asks for what is not known; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static HfTokenizer Load(string fileOrFolder) => TokenizerFile.Load(fileOrFolder);

    /// <summary>The id of a token, added ones first; null when there is none.</summary>
    public int? TokenToId(string token) => _added.Find(token) ?? _model.Vocabulary.Find(token);

    /// <summary>The token of an id; null when there is none.</summary>
    public string? IdToToken(int id) => _added.Text(id) ?? _model.Vocabulary.Text(id);

    /// <summary>Whether the file marks the id as special.</summary>
    public bool IsSpecial(int id) => _added.IsSpecial(id);

    /// <summary>Whether the file adds the id to the model's own words, special or not: it is found in a text before these are.</summary>
    public bool IsAdded(int id) => _added.IsAdded(id);

    /// <summary>The bytes that a token adds to a text in which it is not the first; empty for an unknown id.</summary>
    public ReadOnlyMemory<byte> TokenBytes(int id)
    {
        if ((uint)id >= (uint)_tokenBytes.Length)
            return default;
        return _tokenBytes[id] ??= ComputeBytes(id);
    }

    /// <summary>The text of ids; those that the vocabulary lacks are passed over.</summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens)
    {
        var sink = new TextSink();
        var stages = _decoder.Start(streaming: false, sink);
        foreach (int id in ids)
            if (DecodedToken(id, skipSpecialTokens) is { } token)
                stages.Push(token, starts: true, ends: true);
        stages.Finish();
        return sink.Take();
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false);

    /// <summary>Begins a text that arrives id by id.</summary>
    public StreamingDetokenizer StartDetokenizer(bool skipSpecialTokens = true) => new(this, _decoder, skipSpecialTokens);

    /// <summary>The token to decode for an id; null for none and for a special one that is skipped.</summary>
    internal string? DecodedToken(int id, bool skipSpecialTokens)
    {
        string? token = IdToToken(id);
        return token is not null && skipSpecialTokens && _added.IsSpecial(token) ? null : token;
    }

    private byte[] ComputeBytes(int id)
    {
        if (IdToToken(id) is not { } token)
            return [];
        if (_decoder.IsByteLevel)
            return ByteAlphabet.BytesOf(token);
        if (_decoder.HasByteTokens && ByteFallbackStage.TryGetByte(token, out byte value))
            return [value];
        var sink = new TextSink();
        var stages = _decoder.Start(streaming: true, sink);
        stages.Push("a", starts: true, ends: true);
        string before = sink.Take();
        stages.Push(token, starts: true, ends: true);
        stages.Finish();
        string text = before + sink.Take();
        return System.Text.Encoding.UTF8.GetBytes(text.StartsWith('a') ? text[1..] : text);
    }
}
