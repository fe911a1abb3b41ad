using Impetus.Engine.Tokenization;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>
/// Texts and pairs into token sequences, cut to a limit as the reference cuts them: the text gives way, special tokens stay; of
/// a pair the longer text first. Thread safe.
/// </summary>
internal sealed class SequenceBuilder
{
    private readonly HfTokenizer _tokenizer;
    private readonly TruncationOptions _truncation;
    private readonly bool _addsSpecial, _lowerCase;
    private readonly int? _dropped;

    private SequenceBuilder(HfTokenizer tokenizer, TruncationOptions truncation, bool addsSpecial, bool lowerCase, int? dropped) =>
        (_tokenizer, _truncation, _addsSpecial, _lowerCase, _dropped) = (tokenizer, truncation, addsSpecial, lowerCase, dropped);

    /// <summary>The most tokens of a sequence, special ones included.</summary>
    public int Limit => _truncation.MaxLength;

    /// <summary>The tokenizer underneath.</summary>
    public HfTokenizer Tokenizer => _tokenizer;

    /// <summary>Opens a folder's tokenizer with the limit that <c>tokenizer_config.json</c> sets, if it does.</summary>
    /// <param name="folder">With <c>tokenizer.json</c>.</param>
    /// <param name="isStatic">Whether it serves a table of token vectors: then nothing is added to a text.</param>
    /// <param name="dropsUnknown">Whether unknown tokens are left out, as model2vec does.</param>
    /// <exception cref="CheckpointException">The tokenizer is missing or damaged.</exception>
    public static SequenceBuilder Open(string folder, bool isStatic = false, bool dropsUnknown = false)
    {
        try
        {
            var tokenizer = HfTokenizer.Load(folder);
            string file = Path.Combine(folder, "tokenizer_config.json");
            var config = File.Exists(file) ? ConfigReader.Open(file) : null;
            // A tokenizer without a limit says so by an enormous number.
            double limit = isStatic ? int.MaxValue : config?.Number("model_max_length") ?? int.MaxValue;
            var side = config?.Text("truncation_side") == "left" ? TextSide.Left : TextSide.Right;
            var truncation = new TruncationOptions((int)Math.Clamp(limit, 1, int.MaxValue), Side: side);
            return new SequenceBuilder(tokenizer, truncation, !isStatic, false, dropsUnknown ? tokenizer.UnknownId : null);
        }
        catch (Exception fault) when (fault is TokenizerFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{folder}: the tokenizer cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The same tokenizer under the limits of a model.</summary>
    /// <param name="stated">What the model's folder states; goes before the tokenizer's own limit.</param>
    /// <param name="contextLength">What the model's positions allow.</param>
    /// <param name="lowerCase">Whether texts are lower-cased first.</param>
    /// <exception cref="CheckpointException">The limit leaves no room for the tokens that surround a text.</exception>
    public SequenceBuilder Limited(int? stated, int contextLength, bool lowerCase = false)
    {
        int limit = Math.Min(stated ?? Limit, contextLength);
        int special = _addsSpecial ? _tokenizer.EncodeIds("").Count : 0;
        return limit >= special
            ? new SequenceBuilder(_tokenizer, _truncation with { MaxLength = limit }, _addsSpecial, lowerCase, _dropped)
            : throw new CheckpointException($"A limit of {limit} tokens leaves no room for the {special} that surround a text.");
    }

    /// <summary>One text.</summary>
    /// <exception cref="TokenizationException">It cannot be encoded.</exception>
    public TokenSequence Single(string text)
    {
        if (_lowerCase)
            text = text.ToLowerInvariant();
        var ids = _tokenizer.EncodeIds(text, _addsSpecial);
        if (_dropped is { } dropped)
            ids.RemoveAll(id => id == dropped);
        if (ids.Count <= Limit)
            return new TokenSequence([.. ids]);
        int[] cut = _addsSpecial ? Ids(_tokenizer.Encode(text, null, true, _truncation)) : [.. ids.Take(Limit)];
        return new TokenSequence(cut, [], ids.Count);
    }

    /// <summary>A pair of texts, with the types that the template gives them.</summary>
    /// <exception cref="TokenizationException">One of them cannot be encoded.</exception>
    public TokenSequence Pair(string first, string second)
    {
        if (_lowerCase)
            (first, second) = (first.ToLowerInvariant(), second.ToLowerInvariant());
        var whole = _tokenizer.Encode(first, second, true, null);
        var cut = whole.Tokens.Count <= Limit ? whole : _tokenizer.Encode(first, second, true, _truncation);
        return new TokenSequence(Ids(cut), [.. cut.Tokens.Select(token => token.TypeId)], whole.Tokens.Count);
    }

    private static int[] Ids(EncodedSequence sequence) => [.. sequence.Tokens.Select(token => token.Id)];
}
