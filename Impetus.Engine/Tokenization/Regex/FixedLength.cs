namespace Impetus.Engine.Tokenization.Regex;

/// <summary>How many code points a node always matches; look-behinds need to know.</summary>
internal static class FixedLength
{
    /// <summary>The length, or null when it varies.</summary>
    public static int? Of(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Set:
                return 1;
            case RegexNode.Atomic atomic:
                return Of(atomic.Body);
            case RegexNode.Repeat repeat:
                return repeat.Min == repeat.Max && Of(repeat.Body) is { } once && (long)once * repeat.Min <= int.MaxValue
                    ? once * repeat.Min
                    : null;
            case RegexNode.Sequence sequence:
                return Sum(sequence.Items);
            case RegexNode.Alternation alternation:
                var lengths = alternation.Branches.Select(Of).Distinct().ToArray();
                return lengths.Length == 1 ? lengths[0] : null;
            case RegexNode.Look or RegexNode.Assert:
                return 0;
            default:
                return null;
        }
    }

    private static int? Sum(IReadOnlyList<RegexNode> items)
    {
        int sum = 0;
        foreach (var item in items)
        {
            if (Of(item) is not { } length || sum > int.MaxValue - length)
                return null;
            sum += length;
        }
        return sum;
    }
}
