namespace Impetus.Retrieval.Searching;

/// <summary>Leaves out passages that say nearly the same as a better one: the sets of their words overlap by nine tenths.</summary>
internal static class NearDuplicates
{
    private const double SameFrom = 0.9;

    public static List<Passage> Remove(IReadOnlyList<Passage> passages)
    {
        var kept = new List<Passage>();
        foreach (var passage in passages)
        {
            if (!kept.Exists(better => IsSame(better.Terms, passage.Terms)))
                kept.Add(passage);
        }
        return kept;
    }

    /// <summary>Jaccard's index.</summary>
    private static bool IsSame(IReadOnlyDictionary<string, int> a, IReadOnlyDictionary<string, int> b)
    {
        if (Math.Min(a.Count, b.Count) < SameFrom * Math.Max(a.Count, b.Count))
            return false;
        int shared = a.Keys.Count(b.ContainsKey);
        return shared >= SameFrom * (a.Count + b.Count - shared);
    }
}
