using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>
/// What a name, attribute or key that does not exist gives: it prints as nothing, is false, empty and equal to its like,
/// and everything else that is done with it is an error.
/// </summary>
internal sealed class UndefinedValue(string message, TemplateErrorKind kind = TemplateErrorKind.Undefined) : TemplateValue
{
    internal override string TypeName => "Undefined";

    internal override string ObjectName => "jinja2.runtime.Undefined object";

    internal override bool IsTrue => false;

    internal override bool IsCallable => true;

    internal override bool IsIndexable => true;

    /// <summary>A name that no scope knows.</summary>
    public static UndefinedValue ForName(string name) => new($"{PythonRepr.Of(name)} is undefined");

    /// <summary>An attribute or element that its owner lacks.</summary>
    public static UndefinedValue ForElement(TemplateValue owner, TemplateValue key, Budget budget)
    {
        TextBuilder repr = new(budget);
        key.AppendRepr(repr);
        return new UndefinedValue(key is StringValue
            ? $"'{owner.ObjectName}' has no attribute {repr}"
            : $"{owner.ObjectName} has no element {repr}");
    }

    /// <summary>An attribute that the sandbox hides.</summary>
    public static UndefinedValue ForUnsafe(TemplateValue owner, string name) =>
        new($"access to attribute {PythonRepr.Of(name)} of '{owner.TypeName}' object is unsafe.", TemplateErrorKind.Security);

    public override bool Equals(TemplateValue? other) => other is UndefinedValue;

    public override int GetHashCode() => 1;

    /// <summary>The error of using the value.</summary>
    public TemplateException Error() => new(kind, message);

    internal override string ToText(Budget budget) => "";

    internal override void AppendRepr(TextBuilder into) => into.Append("Undefined");

    internal override int? Length(Budget budget) => 0;

    internal override IEnumerable<TemplateValue> Elements() => [];

    /// <remarks>Python's <c>reversed()</c> asks a sequence for its length first, and this one is empty.</remarks>
    internal override IEnumerable<TemplateValue> ReversedElements() => [];

    internal override TemplateValue? Attribute(string name) => throw Error();

    internal override TemplateValue? Item(TemplateValue key, Budget budget) => throw Error();

    internal override TemplateValue Slice(SliceValue slice, Budget budget) => throw Error();

    internal override TemplateValue Call(Evaluator evaluator, CallArguments arguments) => throw Error();
}
