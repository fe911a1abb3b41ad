using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A list. The sandbox lets no template change one, so it never changes.</summary>
internal sealed class ListValue(IReadOnlyList<TemplateValue> items) : SequenceValue(items)
{
    private static readonly HashSet<string> Mutators = new(StringComparer.Ordinal)
    {
        "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove",
    };

    internal override string TypeName => "list";

    public override bool Equals(TemplateValue? other) => other is ListValue list && HasEqualItems(list);

    public override int GetHashCode() => Items.Count;

    internal override SequenceValue With(IReadOnlyList<TemplateValue> other) => new ListValue(other);

    internal override bool IsMutator(string name) => Mutators.Contains(name);

    internal override void EnsureHashable() => throw Errors.Type("unhashable type: 'list'");

    internal override TemplateValue? Attribute(string name) =>
        Mutators.Contains(name) ? BoundMethod.Unsafe(name) : SequenceMethods.Find(this, name);

    internal override void AppendRepr(TextBuilder into)
    {
        into.Append('[');
        AppendItems(into);
        into.Append(']');
    }
}
