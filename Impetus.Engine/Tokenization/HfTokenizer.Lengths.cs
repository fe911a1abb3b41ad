namespace Impetus.Engine.Tokenization;

/// <summary>Encoding under a limit: truncation, padding, and the lengths that a request's counts report.</summary>
public sealed partial class HfTokenizer
{
    /// <summary>How many tokens a text has, without special ones unless asked for.</summary>
    public int CountTokens(string text, bool addSpecialTokens) => EncodeIds(text, addSpecialTokens).Count;

    /// <summary>Encodes a batch of texts or pairs, cuts each to fit and fills all up to one length.</summary>
    /// <exception cref="ArgumentException">A text cannot be made to fit under these options.</exception>
    /// <exception cref="TokenizationException">A text cannot be encoded.</exception>
    public IReadOnlyList<TokenEncoding> EncodeBatch(
        IEnumerable<(string Text, string? Pair)> batch,
        TruncationOptions? truncation = null,
        PaddingOptions? padding = null,
        bool addSpecialTokens = true)
    {
        var encoded = batch.Select(b => Encode(b.Text, b.Pair, addSpecialTokens, truncation)).ToList();
        if (padding is not null)
            encoded = padding.Apply(encoded);
        return encoded.ConvertAll(e => e.ToEncoding());
    }

    /// <summary>Encodes a text, or a pair for a cross-encoder, cut to at most <paramref name="maxLength"/> tokens.</summary>
    /// <remarks>The texts are cut first, of a pair the longer first, then special tokens are laid around: they are never cut off.</remarks>
    /// <returns>The encoding, and how long it would be uncut.</returns>
    /// <exception cref="ArgumentException">There is no room even for the special tokens.</exception>
    /// <exception cref="TokenizationException">The text cannot be encoded.</exception>
    public TruncatedEncoding EncodeTruncated(string text, int maxLength, string? pair = null, bool addSpecialTokens = true)
    {
        var parts = Encode(text, pair, addSpecialTokens, new TruncationOptions(maxLength));
        int added = addSpecialTokens ? _postProcessor?.AddedTokens(pair is not null) ?? 0 : 0;
        var encoding = (parts with { Overflowing = [] }).ToEncoding();
        return new TruncatedEncoding(encoding, parts.Overflowing.Count == 0 ? encoding.Count : FullLength(text, pair) + added);
    }

    private int FullLength(string text, string? pair) =>
        CountTokens(text, addSpecialTokens: false) + (pair is null ? 0 : CountTokens(pair, addSpecialTokens: false));
}
