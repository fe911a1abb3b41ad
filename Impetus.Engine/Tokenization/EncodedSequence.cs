namespace Impetus.Engine.Tokenization;

/// <summary>One token on its way into an encoding.</summary>
internal readonly record struct EncodedToken(
    int Id, string Text, TokenOffset Offset, int TypeId = 0, int? SequenceId = null, bool IsSpecial = false, bool IsPadding = false);

/// <summary>Tokens of a text or pair, and what truncation made of the rest.</summary>
internal sealed record EncodedSequence(List<EncodedToken> Tokens, List<EncodedSequence> Overflowing)
{
    public EncodedSequence(List<EncodedToken> tokens) : this(tokens, [])
    {
    }

    /// <summary>This sequence with another behind it; every overflow of one is combined with the other and its overflows.</summary>
    public EncodedSequence Append(EncodedSequence other)
    {
        var overflowing = new List<EncodedSequence>();
        foreach (var own in Overflowing)
        {
            overflowing.Add(own.Append(other));
            foreach (var foreign in other.Overflowing)
                overflowing.Add(own.Append(foreign));
        }
        foreach (var foreign in other.Overflowing)
            overflowing.Add((this with { Overflowing = [] }).Append(foreign));
        return new EncodedSequence([.. Tokens, .. other.Tokens], overflowing);
    }

    /// <summary>The same change made to each token, of the overflows too.</summary>
    public EncodedSequence Select(Func<EncodedToken, EncodedToken> change) =>
        new(Tokens.ConvertAll(t => change(t)), Overflowing.ConvertAll(o => o.Select(change)));

    /// <summary>The whole sequence and each overflow, rebuilt alike.</summary>
    public EncodedSequence Rebuild(Func<List<EncodedToken>, List<EncodedToken>> change) =>
        new(change(Tokens), Overflowing.ConvertAll(o => o.Rebuild(change)));

    public TokenEncoding ToEncoding() => new()
    {
        Ids = [.. Tokens.Select(t => t.Id)],
        Tokens = [.. Tokens.Select(t => t.Text)],
        Offsets = [.. Tokens.Select(t => t.Offset)],
        TypeIds = [.. Tokens.Select(t => t.TypeId)],
        SequenceIds = [.. Tokens.Select(t => t.SequenceId)],
        SpecialTokensMask = [.. Tokens.Select(t => t.IsSpecial ? 1 : 0)],
        AttentionMask = [.. Tokens.Select(t => t.IsPadding ? 0 : 1)],
        Overflowing = [.. Overflowing.Select(o => o.ToEncoding())],
    };
}
