using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A mapping in the order of insertion. The sandbox lets no template change one, so it never changes once built.</summary>
internal sealed class DictValue(OrderedDictionary<TemplateValue, TemplateValue> entries) : TemplateValue
{
    private static readonly HashSet<string> Mutators = new(StringComparer.Ordinal)
    {
        "clear", "pop", "popitem", "setdefault", "update",
    };

    public OrderedDictionary<TemplateValue, TemplateValue> Entries => entries;

    internal override string TypeName => "dict";

    internal override bool IsTrue => entries.Count > 0;

    internal override bool IsIndexable => true;

    public override bool Equals(TemplateValue? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not DictValue { Entries: { } theirs } || theirs.Count != entries.Count)
            return false;

        StackGuard.Ensure();
        Budget.ChargeCurrent(entries.Count);
        foreach ((TemplateValue key, TemplateValue value) in entries)
            if (!theirs.TryGetValue(key, out TemplateValue? match) || !(ReferenceEquals(value, match) || value.Equals(match)))
                return false;
        return true;
    }

    public override int GetHashCode() => entries.Count;

    internal override int? Length(Budget budget) => entries.Count;

    internal override IEnumerable<TemplateValue> Elements() => entries.Keys;

    internal override IEnumerable<TemplateValue> ReversedElements() => entries.Keys.Reverse();

    internal override TemplateValue? Attribute(string name) =>
        Mutators.Contains(name) ? BoundMethod.Unsafe(name) : DictMethods.Find(this, name);

    /// <summary>The value of a key; null if there is none or the key is unhashable.</summary>
    internal override TemplateValue? Item(TemplateValue key, Budget budget) =>
        key is StringValue || IsHashable(key) ? entries.GetValueOrDefault(key) : null;

    internal override TemplateValue Slice(SliceValue slice, Budget budget) => throw Errors.Type("unhashable type: 'slice'");

    internal override bool Contains(TemplateValue element, Evaluator evaluator)
    {
        element.EnsureHashable();
        return entries.ContainsKey(element);
    }

    internal override bool IsMutator(string name) => Mutators.Contains(name);

    internal override void EnsureHashable() => throw Errors.Type("unhashable type: 'dict'");

    internal override void AppendRepr(TextBuilder into)
    {
        StackGuard.Ensure();
        into.Budget.Charge(entries.Count);
        into.Append('{');
        bool first = true;
        foreach ((TemplateValue key, TemplateValue value) in entries)
        {
            if (!first)
                into.Append(", ");
            first = false;
            key.AppendRepr(into);
            into.Append(": ");
            value.AppendRepr(into);
        }

        into.Append('}');
    }

    private static bool IsHashable(TemplateValue key)
    {
        try
        {
            key.EnsureHashable();
            return true;
        }
        catch (TemplateException error) when (error.Kind == TemplateErrorKind.Type)
        {
            return false;
        }
    }
}
