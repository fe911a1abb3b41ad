using System.Numerics;
using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A value of the template language, which is a Python value in all that a template can see of it.</summary>
/// <remarks>Values made here are immutable and safe to share between threads and renderings.</remarks>
public abstract class TemplateValue : IEquatable<TemplateValue>
{
    private protected TemplateValue()
    {
    }

    /// <summary>Python's <c>None</c>.</summary>
    public static TemplateValue None => NoneValue.Instance;

    /// <summary>Python's name of the type, as it stands in error messages.</summary>
    internal abstract string TypeName { get; }

    /// <summary>How an undefined attribute's message names the owner.</summary>
    internal virtual string ObjectName => TypeName + " object";

    /// <summary>Whether the value counts as true in a condition.</summary>
    internal virtual bool IsTrue => true;

    /// <summary>Whether the value can be called.</summary>
    internal virtual bool IsCallable => false;

    /// <summary>Whether the value has a <c>__getitem__</c>, so that with a length it is a sequence.</summary>
    internal virtual bool IsIndexable => false;

    /// <summary>A text: <c>None</c> is the value none.</summary>
    public static TemplateValue From(string? text) => text is null ? None : new StringValue(text);

    /// <summary>A boolean.</summary>
    public static TemplateValue From(bool value) => BoolValue.Of(value);

    /// <summary>An integer.</summary>
    public static TemplateValue From(long value) => new IntegerValue(value);

    /// <summary>An integer of any size.</summary>
    public static TemplateValue From(BigInteger value) => new IntegerValue(value);

    /// <summary>A float.</summary>
    public static TemplateValue From(double value) => new FloatValue(value);

    /// <summary>A JSON value as Python's <c>json.loads</c> reads it: key order kept, integers unbounded.</summary>
    /// <exception cref="TemplateException">An integer of more than 4300 digits, which Python refuses too, or values nested too deep.</exception>
    public static TemplateValue FromJson(JsonElement json) => JsonValues.Read(json);

    /// <summary>Whether two values are equal as Python's <c>==</c> finds them.</summary>
    public virtual bool Equals(TemplateValue? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as TemplateValue);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Writes what <c>repr()</c> gives.</summary>
    internal abstract void AppendRepr(TextBuilder into);

    /// <summary>What <c>str()</c> gives.</summary>
    internal virtual string ToText(Budget budget)
    {
        TextBuilder text = new(budget);
        AppendRepr(text);
        return text.ToString();
    }

    /// <summary>What <c>len()</c> gives, or null if there is no length.</summary>
    internal virtual int? Length(Budget budget) => null;

    /// <summary>The elements, or null if the value is not iterable.</summary>
    internal virtual IEnumerable<TemplateValue>? Elements() => null;

    /// <summary>The elements from the last to the first, or null if <c>reversed()</c> refuses the value.</summary>
    internal virtual IEnumerable<TemplateValue>? ReversedElements() => null;

    /// <summary>Python's attribute of a name, whether safe or not; null if there is none.</summary>
    internal virtual TemplateValue? Attribute(string name) => null;

    /// <summary>What <c>value[key]</c> gives; null where Python raises TypeError or LookupError.</summary>
    internal virtual TemplateValue? Item(TemplateValue key, Budget budget) => null;

    /// <summary>What <c>value[start:stop:step]</c> gives.</summary>
    internal virtual TemplateValue Slice(SliceValue slice, Budget budget) =>
        throw Errors.Type($"'{TypeName}' object is not subscriptable");

    /// <summary>Whether an element is in the value.</summary>
    internal virtual bool Contains(TemplateValue element, Evaluator evaluator)
    {
        if (Elements() is null)
            throw Errors.Type($"argument of type '{TypeName}' is not iterable");

        foreach (TemplateValue candidate in evaluator.Iterate(this))
            if (Operators.AreSame(candidate, element))
                return true;
        return false;
    }

    /// <summary>Whether the sandbox forbids a method because it changes the value.</summary>
    internal virtual bool IsMutator(string name) => false;

    /// <summary>Throws if the value cannot be the key of a mapping.</summary>
    internal virtual void EnsureHashable()
    {
    }

    /// <summary>Calls the value.</summary>
    internal virtual TemplateValue Call(Evaluator evaluator, CallArguments arguments) =>
        throw Errors.Type($"'{TypeName}' object is not callable");
}
