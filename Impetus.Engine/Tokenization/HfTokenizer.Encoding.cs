using System.Text;
using Impetus.Engine.Tokenization.Models;
using Impetus.Engine.Tokenization.PostProcessors;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization;

public sealed partial class HfTokenizer
{
    /// <summary>Encodes a text, or a pair of them, with all that is known of each token.</summary>
    /// <param name="text">The text. Halves of surrogate pairs count as U+FFFD.</param>
    /// <param name="pair">A second text, as cross-encoders take.</param>
    /// <param name="addSpecialTokens">Whether the file's template is laid around the texts. Special tokens written in a text count anyway.</param>
    /// <exception cref="TokenizationException">The text cannot be encoded.</exception>
    public TokenEncoding Encode(string text, string? pair = null, bool addSpecialTokens = true) =>
        Encode(text, pair, addSpecialTokens, truncation: null).ToEncoding();

    /// <summary>Encodes the ids alone, which is several times as fast.</summary>
    /// <exception cref="TokenizationException">The text cannot be encoded.</exception>
    public List<int> EncodeIds(string text, bool addSpecialTokens = true)
    {
        var ids = new List<int>();
        if (addSpecialTokens && _postProcessor is not null)
            _postProcessor.WrapIds(ids, list => AppendIds(text, list));
        else
            AppendIds(text, ids);
        return ids;
    }

    internal EncodedSequence Encode(string text, string? pair, bool addSpecialTokens, TruncationOptions? truncation)
    {
        var parts = new List<EncodedSequence> { new(EncodeText(text, 0)) };
        if (pair is not null)
            parts.Add(new EncodedSequence(EncodeText(pair, 1)));
        if (truncation is not null)
        {
            int added = addSpecialTokens ? _postProcessor?.AddedTokens(pair is not null) ?? 0 : 0;
            parts = truncation.Apply(parts, added);
        }
        if (_postProcessor is not null)
            parts = _postProcessor.Process(parts, addSpecialTokens);
        return parts.Skip(1).Aggregate(parts.Count == 0 ? new EncodedSequence([]) : parts[0], (all, next) => all.Append(next));
    }

    private void AppendIds(string text, List<int> ids)
    {
        var tokens = new List<Token>();
        foreach (var piece in Cut(WellFormed(text), tracked: _preTokenizer?.NeedsAlignment ?? false))
        {
            if (piece.IsAdded)
            {
                ids.Add(piece.AddedId);
                continue;
            }
            tokens.Clear();
            _model.Tokenize(piece.Span, tokens);
            foreach (var token in tokens)
                ids.Add(token.Id);
        }
    }

    private List<EncodedToken> EncodeText(string text, int sequence)
    {
        text = WellFormed(text);
        var offsets = new CodePointOffsets(text);
        var encoded = new List<EncodedToken>();
        var tokens = new List<Token>();
        var map = new Utf8Map();
        foreach (var piece in Cut(text, tracked: true))
        {
            if (piece.IsAdded)
            {
                encoded.Add(new EncodedToken(piece.AddedId, piece.Span.ToString(), offsets.Of(piece.Origin), sequence, sequence));
                continue;
            }
            tokens.Clear();
            _model.Tokenize(piece.Span, tokens);
            map.Reset(piece.Span);
            foreach (var token in tokens)
            {
                int first = map.UnitOf(token.Start), last = map.UnitOf(token.End - 1);
                var origin = new Alignment(piece.Text.At(piece.Start + first).Start, piece.Text.At(piece.Start + last).End);
                string shown = token.ShowsSource ? Source(piece.Span, first, last) : _model.Vocabulary.Text(token.Id)!;
                encoded.Add(new EncodedToken(token.Id, shown, offsets.Of(origin), sequence, sequence));
            }
        }
        return encoded;
    }

    private static string Source(ReadOnlySpan<char> piece, int first, int last) =>
        piece[first..(last + (char.IsHighSurrogate(piece[last]) ? 2 : 1))].ToString();

    /// <summary>From a text to the pieces that the model sees, and the added tokens among them.</summary>
    private List<Piece> Cut(string text, bool tracked)
    {
        var pieces = new List<Piece>();
        var plain = new List<Piece>(1);
        foreach (var segment in _added.SplitRaw(AlignedText.Original(text, tracked)))
        {
            if (segment.IsAdded)
            {
                pieces.Add(segment);
                continue;
            }
            var normalized = segment.Text.Slice(segment.Start, segment.Length);
            if (_normalizer is not null)
                normalized = _normalizer.Normalize(normalized);
            foreach (var part in _added.SplitNormalized(normalized))
            {
                if (part.IsAdded || _preTokenizer is null)
                {
                    pieces.Add(part);
                    continue;
                }
                plain.Clear();
                plain.Add(part);
                _preTokenizer.Apply(plain, pieces);
            }
        }
        return pieces;
    }

    /// <summary>The text with U+FFFD in the place of each half of a surrogate pair.</summary>
    private static string WellFormed(string text)
    {
        int at = 0;
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune))
            at += rune.Utf16SequenceLength;
        return at == text.Length ? text : string.Concat(text.EnumerateRunes());
    }
}
