namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>The indices that a slice picks from a sequence of a known length.</summary>
internal readonly record struct SliceRange(int Start, int Step, int Count)
{
    public IEnumerable<int> Indices()
    {
        for (int i = 0, at = Start; i < Count; i++, at += Step)
            yield return at;
    }
}
