using System.Text;
using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>
/// Unicode's normalisation forms (UAX #15) as of Unicode 9, which the reference freezes; the runtime's are newer, and absent
/// when it runs without ICU.
/// </summary>
internal sealed class UnicodeNormalizer(bool compatibility, bool compose) : Normalizer
{
    /// <summary>The first code point that any form changes.</summary>
    private const int FirstAffected = 0xA0;

    public override AlignedText Normalize(AlignedText text)
    {
        if (text.Span.IndexOfAnyExceptInRange('\0', (char)(FirstAffected - 1)) < 0)
            return text;
        var items = Decompose(text.Span);
        if (compose)
            items = Compose(items);
        var transformation = new Transformation(items.Count);
        foreach (var item in items)
            transformation.Add(item.CodePoint, item.Change);
        return transformation.ApplyTo(text);
    }

    private List<Item> Decompose(ReadOnlySpan<char> text)
    {
        var items = new List<Item>(text.Length);
        int sorted = 0;
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out int units);
            at += units;
            bool first = true;
            foreach (int codePoint in Decomposition.Of(rune.Value, compatibility))
            {
                byte combiningClass = Decomposition.CombiningClass(codePoint);
                if (combiningClass == 0)
                    SortMarks(items, ref sorted);
                items.Add(new Item(codePoint, combiningClass, first ? 0 : 1));
                first = false;
            }
        }
        SortMarks(items, ref sorted);
        return items;
    }

    /// <summary>Puts the marks since the last base into canonical order, equal classes as they came.</summary>
    private static void SortMarks(List<Item> items, ref int from)
    {
        for (int i = from + 1; i < items.Count; i++)
        {
            var item = items[i];
            int to = i;
            while (to > from && items[to - 1].CombiningClass > item.CombiningClass)
                items[to] = items[--to];
            items[to] = item;
        }
        from = items.Count;
    }

    private static List<Item> Compose(List<Item> items)
    {
        var result = new List<Item>(items.Count);
        int starter = -1;
        int lastClass = -1;
        foreach (var item in items)
        {
            bool blocked = starter < 0 || (lastClass >= 0 && lastClass >= item.CombiningClass);
            if (!blocked && Decomposition.Compose(result[starter].CodePoint, item.CodePoint) is { } composed)
            {
                result[starter] = new Item(composed, 0, result[starter].Change + item.Change - 1);
                continue;
            }
            if (item.CombiningClass == 0)
            {
                starter = result.Count;
                lastClass = -1;
            }
            else if (starter >= 0)
            {
                lastClass = item.CombiningClass;
            }
            result.Add(item);
        }
        return result;
    }

    private readonly record struct Item(int CodePoint, byte CombiningClass, int Change);
}
