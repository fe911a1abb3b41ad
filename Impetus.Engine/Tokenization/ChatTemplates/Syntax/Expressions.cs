using Impetus.Engine.Tokenization.ChatTemplates.Scoping;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Something that has a value.</summary>
internal abstract class Expression(int line, params IEnumerable<Node?> children) : Node(line, children);

/// <summary>Text between the tags.</summary>
internal sealed class TemplateText(string text, int line) : Expression(line)
{
    public string Text => text;
}

/// <summary>A string, number, boolean or none.</summary>
internal sealed class Literal(TemplateValue value, int line) : Expression(line)
{
    public TemplateValue Value => value;
}

/// <summary>How a name is used.</summary>
internal enum NameUse
{
    Load,
    Store,
    Parameter,
}

/// <summary>A variable, read or assigned.</summary>
internal sealed class Name(string text, NameUse use, int line) : Expression(line)
{
    public string Text => text;

    public NameUse Use { get; private set; } = use;

    /// <summary>Where the variable lives.</summary>
    public VariableReference Variable { get; set; }

    /// <summary>A parser reads a target as an expression first.</summary>
    public void UseAs(NameUse other) => Use = other;
}

/// <summary>The target <c>ns.attribute</c> of an assignment.</summary>
internal sealed class NamespaceTarget(string name, string attribute, int line) : Expression(line)
{
    public string Name => name;

    public string Attribute => attribute;

    /// <summary>Where the namespace lives.</summary>
    public VariableReference Variable { get; set; }
}

/// <summary>A tuple, read or assigned.</summary>
internal sealed class TupleExpression(IReadOnlyList<Expression> items, int line) : Expression(line, items)
{
    public IReadOnlyList<Expression> Items => items;
}

/// <summary>A list display.</summary>
internal sealed class ListExpression(IReadOnlyList<Expression> items, int line) : Expression(line, items)
{
    public IReadOnlyList<Expression> Items => items;
}

/// <summary>A mapping display.</summary>
internal sealed class DictExpression(IReadOnlyList<(Expression Key, Expression Value)> pairs, int line)
    : Expression(line, pairs.SelectMany(static pair => new Node[] { pair.Key, pair.Value }))
{
    public IReadOnlyList<(Expression Key, Expression Value)> Pairs => pairs;
}

/// <summary><c>then if test else otherwise</c>.</summary>
internal sealed class Conditional(Expression test, Expression then, Expression? otherwise, int line) : Expression(line, test, then, otherwise)
{
    public Expression Test => test;

    public Expression Then => then;

    public Expression? Otherwise => otherwise;
}

/// <summary>An arithmetic operator between two operands: <c>+ - * / // % **</c>.</summary>
internal sealed class Arithmetic(string symbol, Expression left, Expression right, int line) : Expression(line, left, right)
{
    public string Symbol => symbol;

    public Expression Left => left;

    public Expression Right => right;
}

/// <summary><c>and</c> or <c>or</c>.</summary>
internal sealed class Logical(bool isAnd, Expression left, Expression right, int line) : Expression(line, left, right)
{
    public bool IsAnd => isAnd;

    public Expression Left => left;

    public Expression Right => right;
}

/// <summary><c>not</c>.</summary>
internal sealed class Negation(Expression operand, int line) : Expression(line, operand)
{
    public Expression Operand => operand;
}

/// <summary>A sign.</summary>
internal sealed class Sign(bool isMinus, Expression operand, int line) : Expression(line, operand)
{
    public bool IsMinus => isMinus;

    public Expression Operand => operand;
}

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed class Concatenation(IReadOnlyList<Expression> parts, int line) : Expression(line, parts)
{
    public IReadOnlyList<Expression> Parts => parts;

    /// <summary>Whether the parts are escaped.</summary>
    public EscapeMode Escape { get; set; }
}

/// <summary>A chain of comparisons: <c>a &lt; b &lt;= c</c>, with <c>in</c> and <c>not in</c> among the operators.</summary>
internal sealed class Comparison(Expression first, IReadOnlyList<(string Symbol, Expression Operand)> rest, int line)
    : Expression(line, [first, .. rest.Select(static operand => operand.Operand)])
{
    public Expression First => first;

    public IReadOnlyList<(string Symbol, Expression Operand)> Rest => rest;
}

/// <summary><c>owner.name</c>.</summary>
internal sealed class AttributeAccess(Expression owner, string name, int line) : Expression(line, owner)
{
    public Expression Owner => owner;

    public string Name => name;
}

/// <summary><c>owner[key]</c>.</summary>
internal sealed class ItemAccess(Expression owner, Expression key, int line) : Expression(line, owner, key)
{
    public Expression Owner => owner;

    public Expression Key => key;

    /// <summary>
    /// Whether a slice of what cannot be sliced is undefined and no error: so it is within a constant, which Jinja
    /// computes when it compiles, by the rule of other subscripts.
    /// </summary>
    public bool IsLenient { get; set; }
}

/// <summary><c>start:stop:step</c> within a subscript.</summary>
internal sealed class SliceExpression(Expression? start, Expression? stop, Expression? step, int line) : Expression(line, start, stop, step)
{
    public Expression? Start => start;

    public Expression? Stop => stop;

    public Expression? Step => step;
}

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Spread, Expression? NamedSpread)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public IEnumerable<Node?> Nodes => [.. Positional, .. Named.Select(static argument => argument.Value), Spread, NamedSpread];
}

/// <summary>A call.</summary>
internal sealed class Call(Expression callee, ArgumentList arguments, int line) : Expression(line, [callee, .. arguments.Nodes])
{
    public Expression Callee => callee;

    public ArgumentList Arguments => arguments;
}

/// <summary><c>input | name(arguments)</c>; the input of a filter block is the block's text.</summary>
internal sealed class FilterExpression(Expression? input, string name, ArgumentList arguments, int line)
    : Expression(line, [input, .. arguments.Nodes])
{
    public Expression? Input => input;

    public string Name => name;

    public ArgumentList Arguments => arguments;
}

/// <summary><c>input is name(arguments)</c>.</summary>
internal sealed class TestExpression(Expression input, string name, ArgumentList arguments, int line)
    : Expression(line, [input, .. arguments.Nodes])
{
    public Expression Input => input;

    public string Name => name;

    public ArgumentList Arguments => arguments;
}
