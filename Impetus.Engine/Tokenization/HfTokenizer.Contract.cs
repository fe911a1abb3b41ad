using System.Buffers;
using Impetus.Engine.Tokenization.Text;
using Microsoft.ML.Tokenizers;

namespace Impetus.Engine.Tokenization;

/// <summary>
/// What Microsoft.ML.Tokenizers' contract asks. Its calls never add special tokens, and its switches for normalisation and
/// pre-tokenisation are not followed: without them a tokenizer of this kind has no meaning.
/// </summary>
public sealed partial class HfTokenizer
{
    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        var detokenizer = StartDetokenizer(skipSpecialTokens: false);
        idsConsumed = charsWritten = 0;
        int pending = 0;
        foreach (int id in ids)
        {
            string delta = detokenizer.Push(id);
            pending++;
            if (delta.Length == 0)
                continue;
            if (!delta.TryCopyTo(destination[charsWritten..]))
                return OperationStatus.DestinationTooSmall;
            charsWritten += delta.Length;
            idsConsumed += pending;
            pending = 0;
        }
        string rest = detokenizer.Flush();
        if (!rest.TryCopyTo(destination[charsWritten..]))
            return OperationStatus.DestinationTooSmall;
        charsWritten += rest.Length;
        idsConsumed += pending;
        return OperationStatus.Done;
    }

    /// <inheritdoc/>
    protected override EncodeResults<Microsoft.ML.Tokenizers.EncodedToken> EncodeToTokens(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        text ??= textSpan.ToString();
        var unitOf = new Utf16Offsets(text);
        var tokens = new List<Microsoft.ML.Tokenizers.EncodedToken>();
        int consumed = text.Length;
        foreach (var token in EncodeText(text, 0))
        {
            if (tokens.Count == settings.MaxTokenCount)
            {
                consumed = tokens.Count == 0 ? 0 : tokens[^1].Offset.End.Value;
                break;
            }
            tokens.Add(new(token.Id, token.Text, unitOf.At(token.Offset.Start)..unitOf.At(token.Offset.End)));
        }
        return new EncodeResults<Microsoft.ML.Tokenizers.EncodedToken> { Tokens = tokens, CharsConsumed = consumed };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (settings.MaxTokenCount != int.MaxValue)
            return base.EncodeToIds(text, textSpan, settings);
        text ??= textSpan.ToString();
        return new EncodeResults<int> { Tokens = EncodeIds(text, addSpecialTokens: false), CharsConsumed = text.Length };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        Math.Min(EncodeIds(text ?? textSpan.ToString(), addSpecialTokens: false).Count, settings.MaxTokenCount);
}
