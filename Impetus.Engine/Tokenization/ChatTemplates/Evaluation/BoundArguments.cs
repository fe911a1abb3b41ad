using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>The arguments of a call in the order of the parameters.</summary>
internal sealed class BoundArguments(TemplateValue?[] values, IReadOnlyList<TemplateValue> rest, IReadOnlyList<NamedArgument> named)
{
    /// <summary>What <c>*rest</c> takes.</summary>
    public IReadOnlyList<TemplateValue> Rest => rest;

    /// <summary>What <c>**named</c> takes.</summary>
    public IReadOnlyList<NamedArgument> Named => named;

    /// <summary>A required argument.</summary>
    public TemplateValue this[int index] => values[index]!;

    /// <summary>An optional argument; null if it is not given.</summary>
    public TemplateValue? Optional(int index) => values[index];

    /// <summary>An optional argument; null if it is none or not given.</summary>
    public TemplateValue? OptionalNotNone(int index) => values[index] is NoneValue ? null : values[index];

    /// <summary>Whether an optional flag is given and true.</summary>
    public bool Flag(int index, bool fallback = false) => values[index]?.IsTrue ?? fallback;

    /// <summary>An argument that must be a text.</summary>
    public string Text(int index) => values[index] is StringValue text
        ? text.Text
        : throw Errors.Type($"argument must be str, not {values[index]!.TypeName}");

    /// <summary>An argument that must be an integer, cut to 32 bits.</summary>
    public int Integer(int index, int fallback = 0) => values[index] is { } value ? AsInteger(value) : fallback;

    private static int AsInteger(TemplateValue value) => value switch
    {
        NumberValue { Integer: { } integer } => (int)BigInteger.Max(BigInteger.Min(integer, int.MaxValue), int.MinValue),
        UndefinedValue undefined => throw undefined.Error(),
        _ => throw Errors.Type($"'{value.TypeName}' object cannot be interpreted as an integer"),
    };
}
