using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Python's <c>sorted</c>: equal elements keep their order, and only <c>&lt;</c> is asked.</summary>
internal static class StableSort
{
    public static List<T> By<T>(IEnumerable<T> items, Func<T, TemplateValue> key, bool isReverse, Budget budget)
    {
        List<(TemplateValue Key, T Item)> keyed = [.. items.Select(item => (key(item), item))];
        if (isReverse)
            keyed.Reverse();
        keyed = Merge(keyed, budget);
        if (isReverse)
            keyed.Reverse();
        return [.. keyed.Select(static entry => entry.Item)];
    }

    private static List<(TemplateValue Key, T Item)> Merge<T>(List<(TemplateValue Key, T Item)> items, Budget budget)
    {
        if (items.Count < 2)
            return items;

        List<(TemplateValue Key, T Item)> left = Merge(items[..(items.Count / 2)], budget);
        List<(TemplateValue Key, T Item)> right = Merge(items[(items.Count / 2)..], budget);
        List<(TemplateValue Key, T Item)> merged = new(items.Count);
        int l = 0, r = 0;
        while (l < left.Count && r < right.Count)
        {
            budget.Step();
            merged.Add(Operators.Order("<", right[r].Key, left[l].Key, budget) ? right[r++] : left[l++]);
        }

        merged.AddRange(left.Skip(l));
        merged.AddRange(right.Skip(r));
        return merged;
    }
}
