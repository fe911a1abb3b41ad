using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A list or a tuple.</summary>
internal abstract class SequenceValue(IReadOnlyList<TemplateValue> items) : TemplateValue
{
    public IReadOnlyList<TemplateValue> Items => items;

    internal override bool IsTrue => items.Count > 0;

    internal override bool IsIndexable => true;

    internal override int? Length(Budget budget) => items.Count;

    internal override IEnumerable<TemplateValue> Elements() => items;

    internal override IEnumerable<TemplateValue> ReversedElements()
    {
        for (int i = items.Count - 1; i >= 0; i--)
            yield return items[i];
    }

    internal override TemplateValue? Item(TemplateValue key, Budget budget) =>
        Indices.Resolve(key, items.Count) is { } index ? items[index] : null;

    internal override TemplateValue Slice(SliceValue slice, Budget budget)
    {
        SliceRange range = slice.Resolve(items.Count);
        budget.Charge(range.Count);
        return With([.. range.Indices().Select(i => items[i])]);
    }

    /// <summary>A sequence of the same type.</summary>
    internal abstract SequenceValue With(IReadOnlyList<TemplateValue> other);

    /// <summary>Whether all elements are equal.</summary>
    protected bool HasEqualItems(SequenceValue other)
    {
        StackGuard.Ensure();
        if (items.Count != other.Items.Count)
            return false;

        Budget.ChargeCurrent(items.Count);
        for (int i = 0; i < items.Count; i++)
            if (!ReferenceEquals(items[i], other.Items[i]) && !items[i].Equals(other.Items[i]))
                return false;
        return true;
    }

    /// <summary>Writes the elements between commas.</summary>
    protected void AppendItems(TextBuilder into)
    {
        StackGuard.Ensure();
        into.Budget.Charge(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                into.Append(", ");
            items[i].AppendRepr(into);
        }
    }
}
