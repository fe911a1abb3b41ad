using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A tuple; the groups of the filter <c>groupby</c> also have names for their two elements.</summary>
internal sealed class TupleValue(IReadOnlyList<TemplateValue> items, bool isGroup = false) : SequenceValue(items)
{
    private int? _hash;
    private bool _isHashable;

    internal override string TypeName => isGroup ? "_GroupTuple" : "tuple";

    public override bool Equals(TemplateValue? other) => other is TupleValue tuple && HasEqualItems(tuple);

    /// <remarks>Computed once: tuples that hold one another twice would need time that doubles with each level.</remarks>
    public override int GetHashCode()
    {
        if (_hash is { } known)
            return known;

        StackGuard.Ensure();
        HashCode hash = default;
        foreach (TemplateValue item in Items)
            hash.Add(item);
        return (_hash = hash.ToHashCode()).Value;
    }

    internal override SequenceValue With(IReadOnlyList<TemplateValue> other) => new TupleValue(other);

    internal override void EnsureHashable()
    {
        if (_isHashable)
            return;

        StackGuard.Ensure();
        foreach (TemplateValue item in Items)
            item.EnsureHashable();
        _isHashable = true;
    }

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "grouper" when isGroup => Items[0],
        "list" when isGroup => Items[1],
        _ => SequenceMethods.Find(this, name),
    };

    internal override void AppendRepr(TextBuilder into)
    {
        into.Append('(');
        AppendItems(into);
        into.Append(Items.Count == 1 ? ",)" : ")");
    }
}
