namespace Impetus.Retrieval.Chunking;

/// <summary>Binary search in lists that ascend by a key.</summary>
internal static class SortedSearch
{
    /// <summary>Index of the first item whose key is at least <paramref name="position"/>; the count where there is none.</summary>
    public static int FirstAtOrAfter<T>(IReadOnlyList<T> items, int position, Func<T, int> key)
    {
        int low = 0, high = items.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (key(items[middle]) < position)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Index of the last item whose key is at most <paramref name="position"/>; -1 where there is none.</summary>
    public static int LastAtOrBefore<T>(IReadOnlyList<T> items, int position, Func<T, int> key) =>
        position == int.MaxValue ? items.Count - 1 : FirstAtOrAfter(items, position + 1, key) - 1;
}
