using Impetus.Engine.Tokenization.ChatTemplates.Scoping;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Something that is done.</summary>
internal abstract class Statement(int line, params IEnumerable<Node?> children) : Node(line, children);

/// <summary>A whole template.</summary>
internal sealed class TemplateRoot(IReadOnlyList<Statement> body) : Node(1, body)
{
    public IReadOnlyList<Statement> Body => body;

    public Procedure Procedure { get; set; } = Procedure.None;
}

/// <summary>Text and values to print.</summary>
internal sealed class Output(IReadOnlyList<Expression> parts, int line) : Statement(line, parts)
{
    public IReadOnlyList<Expression> Parts => parts;

    /// <summary>Whether values are escaped.</summary>
    public EscapeMode Escape { get; set; }
}

/// <summary><c>if</c> with its <c>elif</c> and <c>else</c>.</summary>
internal sealed class If(Expression test, IReadOnlyList<Statement> body, IReadOnlyList<If> alternatives, IReadOnlyList<Statement> otherwise, int line)
    : Statement(line, [test, .. body, .. alternatives, .. otherwise])
{
    public Expression Test => test;

    public IReadOnlyList<Statement> Body => body;

    public IReadOnlyList<If> Alternatives => alternatives;

    public IReadOnlyList<Statement> Otherwise => otherwise;
}

/// <summary><c>for target in source if filter recursive</c> with its <c>else</c>.</summary>
internal sealed class For(
    Expression target,
    Expression source,
    IReadOnlyList<Statement> body,
    IReadOnlyList<Statement> otherwise,
    Expression? filter,
    bool isRecursive,
    int line)
    : Statement(line, [target, source, .. body, .. otherwise, filter])
{
    public Expression Target => target;

    public Expression Source => source;

    public IReadOnlyList<Statement> Body => body;

    public IReadOnlyList<Statement> Otherwise => otherwise;

    public Expression? Filter => filter;

    public bool IsRecursive => isRecursive;

    /// <summary>Whether the text of a recursive loop counts as escaped.</summary>
    public EscapeMode Escape { get; set; }

    /// <summary>The slot of <c>loop</c>; null if nothing in the loop asks for it.</summary>
    public int? LoopSlot { get; set; }

    /// <summary>The variables of each iteration.</summary>
    public Scope BodyScope { get; set; } = Scope.Empty;

    /// <summary>The variables of the <c>else</c> part.</summary>
    public Scope OtherwiseScope { get; set; } = Scope.Empty;

    /// <summary>The filter runs apart, in variables of its own.</summary>
    public Procedure FilterProcedure { get; set; } = Procedure.None;

    /// <summary>The target once more, as the filter sees it.</summary>
    public Expression? FilterTarget { get; set; }

    /// <summary>A recursive loop runs in variables of its own each time it is called.</summary>
    public Procedure Procedure { get; set; } = Procedure.None;
}

/// <summary><c>set target = value</c>.</summary>
internal sealed class Assign(Expression target, Expression value, int line) : Statement(line, target, value)
{
    public Expression Target => target;

    public Expression Value => value;

    /// <summary>Names that are also put into the context, where blocks find them.</summary>
    public IReadOnlyList<ExportedVariable> Exports { get; set; } = [];

    /// <summary>The line that Jinja reports if the target is no namespace: that of the statement before.</summary>
    public int CheckLine { get; set; }
}

/// <summary><c>set target</c> … <c>endset</c>, perhaps with filters.</summary>
internal sealed class AssignBlock(Expression target, FilterExpression? filter, IReadOnlyList<Statement> body, int line)
    : Statement(line, [target, filter, .. body])
{
    public Expression Target => target;

    public FilterExpression? Filter => filter;

    public IReadOnlyList<Statement> Body => body;

    public Scope Scope { get; set; } = Scope.Empty;

    public IReadOnlyList<ExportedVariable> Exports { get; set; } = [];
}

/// <summary><c>with name = value</c> … <c>endwith</c>.</summary>
internal sealed class With(IReadOnlyList<Expression> targets, IReadOnlyList<Expression> values, IReadOnlyList<Statement> body, int line)
    : Statement(line, [.. targets, .. values, .. body])
{
    public IReadOnlyList<Expression> Targets => targets;

    public IReadOnlyList<Expression> Values => values;

    public IReadOnlyList<Statement> Body => body;

    public Scope Scope { get; set; } = Scope.Empty;

    /// <summary>The line that Jinja reports for a fault in a value: that of the statement before.</summary>
    public int ValueLine { get; set; }
}

/// <summary><c>filter name</c> … <c>endfilter</c>.</summary>
internal sealed class FilterBlock(FilterExpression filter, IReadOnlyList<Statement> body, int line) : Statement(line, [.. body, filter])
{
    public FilterExpression Filter => filter;

    public IReadOnlyList<Statement> Body => body;

    public Scope Scope { get; set; } = Scope.Empty;
}

/// <summary><c>autoescape flag</c> … <c>endautoescape</c>.</summary>
internal sealed class AutoEscape(Expression flag, IReadOnlyList<Statement> body, int line) : Statement(line, [flag, .. body])
{
    public Expression Flag => flag;

    public IReadOnlyList<Statement> Body => body;

    public Scope Scope { get; set; } = Scope.Empty;
}

/// <summary>The parameters and the body that macros and call blocks have in common.</summary>
internal sealed class MacroBody(IReadOnlyList<Name> parameters, IReadOnlyList<Expression> defaults, IReadOnlyList<Statement> body)
{
    public IReadOnlyList<Name> Parameters => parameters;

    /// <summary>The defaults of the last parameters.</summary>
    public IReadOnlyList<Expression> Defaults => defaults;

    public IReadOnlyList<Statement> Body => body;

    public IEnumerable<Node> Nodes => [.. parameters, .. defaults, .. body];

    public Procedure Procedure { get; set; } = Procedure.None;

    /// <summary>The slots of <c>caller</c>, <c>kwargs</c> and <c>varargs</c>; null for those that the body does not use.</summary>
    public int? CallerSlot { get; set; }

    public int? NamedSlot { get; set; }

    public int? RestSlot { get; set; }

    /// <summary>Whether a caller is handed over, as a parameter or in its slot.</summary>
    public bool TakesCaller { get; set; }

    /// <summary>The default of a parameter, or null.</summary>
    public Expression? DefaultOf(int index)
    {
        int at = index - (parameters.Count - defaults.Count);
        return at >= 0 ? defaults[at] : null;
    }
}

/// <summary><c>macro name(parameters)</c> … <c>endmacro</c>.</summary>
internal sealed class Macro(string name, MacroBody body, int line) : Statement(line, body.Nodes)
{
    public string Name => name;

    public MacroBody Body => body;

    public VariableReference Variable { get; set; }

    /// <summary>Whether the macro is also put into the context, where blocks find it.</summary>
    public bool IsExported { get; set; }
}

/// <summary><c>call(parameters) macro(…)</c> … <c>endcall</c>.</summary>
internal sealed class CallBlock(Call call, MacroBody body, int line) : Statement(line, [call, .. body.Nodes])
{
    public Call Call => call;

    public MacroBody Body => body;
}

/// <summary><c>generation</c> … <c>endgeneration</c>: marks what the model wrote, for training; it prints its body.</summary>
internal sealed class GenerationBlock(MacroBody body, int line) : Statement(line, body.Nodes)
{
    public MacroBody Body => body;
}

/// <summary><c>block name</c> … <c>endblock</c>; without inheritance it prints its body, which sees the context alone.</summary>
internal sealed class Block(string name, IReadOnlyList<Statement> body, bool isScoped, bool isRequired, int line) : Statement(line, body)
{
    public string Name => name;

    public IReadOnlyList<Statement> Body => body;

    public bool IsScoped => isScoped;

    public bool IsRequired => isRequired;

    public Procedure Procedure { get; set; } = Procedure.None;

    /// <summary>The variables around a scoped block, which it sees.</summary>
    public IReadOnlyList<ExportedVariable> Surroundings { get; set; } = [];
}

/// <summary><c>include</c>, <c>import</c>, <c>from</c> or <c>extends</c>: parsed, and an error when it is reached, as there is no loader.</summary>
/// <param name="assigned">The names that an import would define.</param>
internal sealed class TemplateImport(string tag, Expression template, IReadOnlyList<Name> assigned, bool ignoreMissing, int line)
    : Statement(line, template)
{
    public string Tag => tag;

    public Expression Template => template;

    public IReadOnlyList<Name> Assigned => assigned;

    public bool IgnoreMissing => ignoreMissing;
}

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class LoopControl(bool isBreak, int line) : Statement(line)
{
    public bool IsBreak => isBreak;
}
