using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Searching;

/// <summary>Leaves out passages that say nearly the same as a better one: the sets of their words overlap by nine tenths.</summary>
internal static class NearDuplicates
{
    private const double SameFrom = 0.9;

    public static List<Passage> Remove(IReadOnlyList<Passage> passages)
    {
        var kept = new List<Passage>();
        var words = new List<HashSet<string>>();
        foreach (var passage in passages)
        {
            var set = new HashSet<string>(TextAnalyzer.Terms(passage.Text, passage.Document.Language), StringComparer.Ordinal);
            if (words.Exists(other => IsSame(other, set)))
                continue;
            kept.Add(passage);
            words.Add(set);
        }
        return kept;
    }

    /// <summary>Jaccard's index.</summary>
    private static bool IsSame(HashSet<string> a, HashSet<string> b)
    {
        if (Math.Min(a.Count, b.Count) < SameFrom * Math.Max(a.Count, b.Count))
            return false;
        int shared = a.Count(b.Contains);
        return shared >= SameFrom * (a.Count + b.Count - shared);
    }
}
