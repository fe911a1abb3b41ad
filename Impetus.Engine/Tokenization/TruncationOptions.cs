namespace Impetus.Engine.Tokenization;

/// <summary>Which text of a pair gives way when both do not fit.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer one, down to the length of the other; then both.</summary>
    LongestFirst,
    OnlyFirst,
    OnlySecond,
}

/// <summary>An end of a text: which is cut off, or which is padded.</summary>
public enum TextSide
{
    Right,
    Left,
}

/// <summary>How texts that are too long are cut.</summary>
/// <param name="MaxLength">The most tokens that may be left, special ones included.</param>
/// <param name="Stride">How many tokens each overflowing part repeats of the one before; less than what fits.</param>
/// <param name="Strategy">Which text of a pair gives way.</param>
/// <param name="Side">Which end is cut off.</param>
public sealed record TruncationOptions(
    int MaxLength,
    int Stride = 0,
    TruncationStrategy Strategy = TruncationStrategy.LongestFirst,
    TextSide Side = TextSide.Right)
{
    internal static TruncationOptions? Load(ConfigNode config)
    {
        if (config.IsNull)
            return null;
        var strategy = config["strategy"].String() switch
        {
            "LongestFirst" => TruncationStrategy.LongestFirst,
            "OnlyFirst" => TruncationStrategy.OnlyFirst,
            "OnlySecond" => TruncationStrategy.OnlySecond,
            _ => throw config["strategy"].Unexpected("LongestFirst, OnlyFirst or OnlySecond"),
        };
        return new TruncationOptions(config["max_length"].Number(), config["stride"].Number(), strategy, PaddingOptions.LoadSide(config["direction"]));
    }

    /// <summary>Cuts a text or pair so that it fits together with so many special tokens.</summary>
    /// <exception cref="ArgumentException">These texts cannot be made to fit this way.</exception>
    internal List<EncodedSequence> Apply(List<EncodedSequence> parts, int specialTokens)
    {
        int room = MaxLength - specialTokens;
        if (room < 0)
            throw new ArgumentException($"A maximum of {MaxLength} tokens leaves no room beside {specialTokens} special tokens.");
        if (room == 0)
            return parts.ConvertAll(p => Cut(p, 0));
        int total = parts.Sum(p => p.Tokens.Count);
        if (total <= room)
            return parts;
        if (Strategy == TruncationStrategy.LongestFirst)
            return parts.Count == 1 ? [Cut(parts[0], room)] : CutLongest(parts, room);
        int target = Strategy == TruncationStrategy.OnlyFirst ? 0 : 1;
        if (target >= parts.Count)
            throw new ArgumentException("Only the second text may be cut, but there is no second text.");
        int keep = parts[target].Tokens.Count - (total - room);
        if (keep <= 0)
            throw new ArgumentException($"The one text that may be cut is too short to make room: {total} tokens for {room} places.");
        return [.. parts.Select((p, i) => i == target ? Cut(p, keep) : p)];
    }

    private List<EncodedSequence> CutLongest(List<EncodedSequence> parts, int room)
    {
        int first = parts[0].Tokens.Count, second = parts[1].Tokens.Count;
        int shorter = Math.Min(first, second);
        int longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if (shorter + longer > room)
        {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second
            ? [Cut(parts[0], longer), Cut(parts[1], shorter)]
            : [Cut(parts[0], shorter), Cut(parts[1], longer)];
    }

    private EncodedSequence Cut(EncodedSequence sequence, int length)
    {
        var tokens = sequence.Tokens;
        if (length >= tokens.Count)
            return sequence;
        if (length == 0)
            return new EncodedSequence([], [sequence]);
        if (Stride >= length)
            throw new ArgumentException($"A stride of {Stride} must be less than the {length} tokens that fit beside the special ones.");
        var parts = new List<EncodedSequence>();
        int step = length - Stride;
        for (int at = 0; ; at += step)
        {
            int start = Side == TextSide.Right ? at : Math.Max(0, tokens.Count - at - length);
            int end = Side == TextSide.Right ? Math.Min(at + length, tokens.Count) : tokens.Count - at;
            parts.Add(new EncodedSequence(tokens[start..end]));
            if (Side == TextSide.Right ? end == tokens.Count : start == 0)
                break;
        }
        return new EncodedSequence(parts[0].Tokens, parts[1..]);
    }
}
