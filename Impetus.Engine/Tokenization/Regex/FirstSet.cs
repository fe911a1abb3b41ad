using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>The code points that a match of a node can begin with, so that hopeless branches are not tried.</summary>
internal static class FirstSet
{
    /// <summary>The set, or null when the node may match nothing or the set is not known.</summary>
    public static CodePointSet? Of(RegexNode node)
    {
        var (set, nullable) = Analyse(node);
        return nullable ? null : set;
    }

    private static (CodePointSet Set, bool Nullable) Analyse(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Set set:
                return (set.Members, false);
            case RegexNode.Atomic atomic:
                return Analyse(atomic.Body);
            case RegexNode.Repeat repeat:
                var (body, empty) = Analyse(repeat.Body);
                return (body, empty || repeat.Min == 0);
            case RegexNode.Sequence sequence:
                var union = CodePointSet.Empty;
                foreach (var item in sequence.Items)
                {
                    var (first, nullable) = Analyse(item);
                    union = union.Union(first);
                    if (!nullable)
                        return (union, false);
                }
                return (union, true);
            case RegexNode.Alternation alternation:
                var branches = alternation.Branches.Select(Analyse).ToArray();
                return (branches.Aggregate(CodePointSet.Empty, (s, b) => s.Union(b.Set)), branches.Any(b => b.Nullable));
            case RegexNode.Look or RegexNode.Assert:
                return (CodePointSet.Empty, true);
            default:
                return (CodePointSet.All, false);
        }
    }
}
