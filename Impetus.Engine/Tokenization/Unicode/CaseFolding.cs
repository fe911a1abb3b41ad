namespace Impetus.Engine.Tokenization.Unicode;

/// <summary>Which code points are equal when case does not count, by Unicode's full case folding (CaseFolding.txt, C and F).</summary>
internal static class CaseFolding
{
    private static readonly Dictionary<int, string> Folds = UnicodeData.Map("Fold");
    private static readonly Dictionary<string, int[]> Groups = BuildGroups();

    /// <summary>Texts of several code points that single ones fold to, such as <c>ss</c> for ß and ẞ; longest first.</summary>
    public static IReadOnlyList<(string Text, CodePointSet Singles)> Expansions { get; } =
        [.. Groups.Where(g => CodePointCount(g.Key) > 1)
            .OrderByDescending(g => g.Key.Length)
            .Select(g => (g.Key, CodePointSet.Of(g.Value)))];

    /// <summary>The text that a code point folds to, itself when it has no fold.</summary>
    public static string Fold(int codePoint) => Folds.TryGetValue(codePoint, out var fold) ? fold : char.ConvertFromUtf32(codePoint);

    /// <summary>The set and every single code point that folds like one of its members.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var added = new List<int>();
        foreach (var group in Groups.Values)
            if (group.Any(set.Contains))
                added.AddRange(group);
        return added.Count == 0 ? set : set.Union(CodePointSet.Of([.. added]));
    }

    private static Dictionary<string, int[]> BuildGroups()
    {
        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var (codePoint, fold) in Folds)
        {
            if (!groups.TryGetValue(fold, out var group))
                groups.Add(fold, group = CodePointCount(fold) == 1 ? [char.ConvertToUtf32(fold, 0)] : []);
            group.Add(codePoint);
        }
        return groups.ToDictionary(g => g.Key, g => g.Value.ToArray(), StringComparer.Ordinal);
    }

    private static int CodePointCount(string text) => text.EnumerateRunes().Count();
}
