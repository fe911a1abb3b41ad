using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.PostProcessors;

/// <summary>ByteLevel's part after the model: offsets leave out the spaces at a token's ends. Ids stay as they are.</summary>
internal sealed class OffsetTrimming(bool trim, bool addPrefixSpace) : PostProcessor
{
    public override int AddedTokens(bool isPair) => 0;

    public override List<EncodedSequence> Process(List<EncodedSequence> parts, bool addSpecialTokens) =>
        trim ? parts.ConvertAll(p => p.Rebuild(TrimAll)) : parts;

    private List<EncodedToken> TrimAll(List<EncodedToken> tokens)
    {
        var trimmed = new List<EncodedToken>(tokens.Count);
        foreach (var token in tokens)
            trimmed.Add(token with { Offset = Trim(token, isFirst: trimmed.Count == 0) });
        return trimmed;
    }

    private TokenOffset Trim(EncodedToken token, bool isFirst)
    {
        int leading = token.Text.TakeWhile(IsSpace).Count();
        int trailing = token.Text.Reverse().TakeWhile(IsSpace).Count();
        var (start, end) = token.Offset;
        // The one space at the beginning is the one that was put there, and stands for no character.
        if (leading == 1 && addPrefixSpace && (isFirst || start == 0))
            leading = 0;
        start = Math.Min(start + leading, end);
        if (end >= trailing)
            end = Math.Max(end - trailing, start);
        return new TokenOffset(start, end);
    }

    private static bool IsSpace(char c) => c == ByteAlphabet.Letter((byte)' ') || UnicodeData.Whitespace.Contains(c);
}
