using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a mapping give.</summary>
/// <param name="typeName">dict_keys, dict_values or dict_items.</param>
/// <param name="items">The elements in the mapping's order.</param>
internal sealed class DictView(string typeName, IReadOnlyList<TemplateValue> items) : TemplateValue
{
    internal override string TypeName => typeName;

    internal override bool IsTrue => items.Count > 0;

    public override bool Equals(TemplateValue? other) =>
        ReferenceEquals(this, other)
        || (other is DictView view && view.TypeName == typeName && typeName != "dict_values" && items.ToHashSet().SetEquals(view.Elements()));

    public override int GetHashCode() => items.Count;

    internal override int? Length(Budget budget) => items.Count;

    internal override IEnumerable<TemplateValue> Elements() => items;

    internal override IEnumerable<TemplateValue> ReversedElements() => items.Reverse();

    internal override void EnsureHashable()
    {
        if (typeName != "dict_values")
            throw Errors.Type($"unhashable type: '{typeName}'");
    }

    internal override void AppendRepr(TextBuilder into)
    {
        into.Append(typeName).Append('(');
        new ListValue(items).AppendRepr(into);
        into.Append(')');
    }
}
