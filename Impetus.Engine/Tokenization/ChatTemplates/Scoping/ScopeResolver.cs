using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>
/// Decides, once for each template, which variable every name means, and refuses what Jinja refuses to compile.
/// </summary>
/// <remarks>
/// Jinja translates a template into Python functions, and its scoping follows from that translation: what an outer scope
/// assigns anywhere hides the context everywhere in it; a macro sees the variables around its definition as they are when
/// it runs. This pass walks the tree in the order of that translation and writes down where the variables live.
/// </remarks>
internal sealed class ScopeResolver
{
    private readonly Dictionary<string, Block> _blocks = new(StringComparer.Ordinal);

    /// <summary>Whether values are escaped at the present place.</summary>
    private EscapeMode _escape;

    /// <summary>The line of the last statement in the order of Jinja's code, which is what it reports for code that has none.</summary>
    private int _lastLine = 1;

    private ScopeResolver()
    {
    }

    /// <summary>Resolves a template's names and returns its blocks.</summary>
    /// <exception cref="TemplateException">An unknown filter or test, a block defined twice, a <c>break</c> outside a loop …</exception>
    public static IReadOnlyDictionary<string, Block> Resolve(TemplateRoot root)
    {
        ScopeResolver resolver = new();
        foreach (Block block in root.SelfAndDescendants().OfType<Block>())
            if (!resolver._blocks.TryAdd(block.Name, block))
                throw Fail($"block '{block.Name}' defined twice", block.Line);

        resolver.VisitRoot(root);
        foreach (Block block in resolver._blocks.Values)
            resolver.VisitBlockBody(block);
        return resolver._blocks;
    }

    /// <summary>The present place: its names, its procedure, and what is special about it.</summary>
    private sealed record Place(Symbols Symbols, ProcedureBuilder Procedure)
    {
        /// <summary>Whether assignments here are visible in the context.</summary>
        public bool IsTopLevel { get; init; }

        /// <summary>Whether an unknown filter or test is an error only when it is reached.</summary>
        public bool IsConditional { get; init; }

        public Place Inner() => new(new Symbols(Symbols), Procedure);

        public Place InnerProcedure() => new(new Symbols(Symbols), new ProcedureBuilder(Procedure));
    }

    private void VisitRoot(TemplateRoot root)
    {
        Place place = new(new Symbols(null), new ProcedureBuilder(null)) { IsTopLevel = true };
        root.Procedure = place.Procedure.Procedure;
        if (FreeNames.In(root.Body, "self").Count > 0)
            root.Procedure.SelfSlot = place.Procedure.SlotOf(place.Symbols.Declare("self"));
        new SymbolVisitor(place.Symbols).Visit(root.Body);
        root.Procedure.Scope = Enter(place);
        Visit(root.Body, place);
    }

    private void VisitBlockBody(Block block)
    {
        _lastLine = block.Line;
        Place place = new(new Symbols(null), new ProcedureBuilder(null));
        block.Procedure = place.Procedure.Procedure;
        HashSet<string> special = FreeNames.In(block.Body, "self", "super");
        if (special.Contains("self"))
            block.Procedure.SelfSlot = place.Procedure.SlotOf(place.Symbols.Declare("self"));
        if (special.Contains("super"))
            block.Procedure.SuperSlot = place.Procedure.SlotOf(place.Symbols.Declare("super"));
        new SymbolVisitor(place.Symbols).Visit(block.Body);
        block.Procedure.Scope = Enter(place);
        Visit(block.Body, place);
    }

    /// <summary>Gives the variables of a scope their slots.</summary>
    private static Scope Enter(Place place)
    {
        List<ScopeVariable> variables = [];
        List<int> slots = [];
        foreach ((string variable, Load load) in place.Symbols.Loads)
        {
            int slot = place.Procedure.SlotOf(variable);
            slots.Add(slot);
            if (load.Kind == LoadKind.Resolve)
                variables.Add(new ScopeVariable(slot, InitialValue.FromContext, load.Source, default));
            else if (load.Kind == LoadKind.Alias)
                variables.Add(new ScopeVariable(slot, InitialValue.FromOuter, "", place.Procedure.Find(load.Source)));
            else if (load.Kind == LoadKind.Undefined)
                variables.Add(new ScopeVariable(slot, InitialValue.Missing, "", default));
        }

        return new Scope(variables, slots);
    }

    private void Visit(IEnumerable<Node> nodes, Place place)
    {
        foreach (Node node in nodes)
            Visit(node, place);
    }

    private void Visit(Node node, Place place)
    {
        if (node is Expression expression and not ItemAccess && Constants.IsConstant(expression))
            foreach (ItemAccess access in expression.SelfAndDescendants().OfType<ItemAccess>())
                access.IsLenient = true;

        switch (node)
        {
            case Name name:
                name.Variable = Find(name.Text, place);
                break;
            case NamespaceTarget target:
                target.Variable = Find(target.Name, place);
                break;
            case Conditional conditional:
                Visit(conditional.Children, place with { IsConditional = true });
                break;
            case Concatenation concatenation:
                concatenation.Escape = _escape;
                Visit(concatenation.Parts, place);
                break;
            case FilterExpression filter:
                EnsureKnown(Filters.Contains(filter.Name), "filter", filter.Name, filter.Line, place);
                EnsureDistinct(filter.Arguments);
                Visit(filter.Children, place);
                break;
            case TestExpression test:
                EnsureKnown(Tests.Contains(test.Name), "test", test.Name, test.Line, place);
                EnsureDistinct(test.Arguments);
                Visit(test.Children, place);
                break;
            case Call call:
                EnsureDistinct(call.Arguments);
                Visit(call.Children, place);
                break;
            case Statement statement:
                VisitStatement(statement, place);
                break;
            default:
                Visit(node.Children, place);
                break;
        }
    }

    private void VisitStatement(Statement statement, Place place)
    {
        switch (statement)
        {
            case Output output:
                output.Escape = _escape;
                foreach (Expression part in output.Parts)
                {
                    _lastLine = part is TemplateText or Literal ? _lastLine : part.Line;
                    Visit(part, place);
                    if (part is ItemAccess access)
                        access.IsLenient = Constants.IsConstant(access);
                }

                break;
            case If condition:
                VisitIf(condition, place);
                break;
            case For loop:
                VisitFor(loop, place);
                break;
            case Assign assign:
                assign.CheckLine = _lastLine;
                _lastLine = assign.Line;
                Visit(assign.Target, place);
                Visit(assign.Value, place);
                assign.Exports = Exports(assign.Target, place);
                break;
            case AssignBlock assign:
                VisitAssignBlock(assign, place);
                break;
            case With with:
                VisitWith(with, place);
                break;
            case FilterBlock block:
                VisitFilterBlock(block, place);
                break;
            case Macro macro:
                VisitMacroBody(macro.Body, macro.Children, place, macro.Line);
                macro.Variable = Find(macro.Name, place);
                macro.IsExported = place.IsTopLevel;
                break;
            case CallBlock block:
                VisitMacroBody(block.Body, block.Children.Skip(1), place, block.Line);
                _lastLine = block.Line;
                if (block.Call.Arguments.Named.Any(static argument => argument.Name == "caller"))
                    throw RepeatedArgument("caller");
                Visit(block.Call, place);
                break;
            case GenerationBlock generation:
                VisitMacroBody(generation.Body, generation.Children, place, generation.Line);
                break;
            case Block block:
                block.Surroundings = block.IsScoped ? Surroundings(place) : [];
                _lastLine = block.Line;
                break;
            case AutoEscape autoEscape:
                VisitAutoEscape(autoEscape, place);
                break;
            case TemplateImport import:
                if (import.Tag == "extends" && !place.IsTopLevel)
                    throw Fail("cannot use extend from a non top-level scope", import.Line);
                _lastLine = import.Line;
                Visit(import.Template, place);
                break;
            case LoopControl control when !place.Procedure.IsInLoop:
                throw new TemplateException(
                    TemplateErrorKind.Syntax, control.IsBreak ? "'break' outside loop" : "'continue' not properly in loop");
            case LoopControl control:
                _lastLine = control.Line;
                break;
        }
    }

    private void VisitIf(If condition, Place place)
    {
        Place soft = place with { IsConditional = true };
        VisitBranch(condition);
        foreach (If alternative in condition.Alternatives)
            VisitBranch(alternative);
        Visit(condition.Otherwise, soft);

        void VisitBranch(If branch)
        {
            _lastLine = branch.Line;
            Visit(branch.Test, soft);
            Visit(branch.Body, soft);
        }
    }

    private void VisitFor(For loop, Place place)
    {
        bool usesLoop = loop.IsRecursive
            || FreeNames.In(loop.Body, "loop").Count > 0
            || loop.SelfAndDescendants().OfType<Block>().Any(static block => block.IsScoped);
        foreach (Name name in loop.SelfAndDescendants().OfType<Name>())
            if (name is { Use: NameUse.Store, Text: "loop" })
                throw Fail("Can't assign to special loop variable in for-loop target", name.Line);

        if (loop.Filter is not null)
            VisitLoopFilter(loop, loop.Filter, place);

        Place body = loop.IsRecursive ? place.InnerProcedure() : place.Inner();
        string? loopVariable = usesLoop ? body.Symbols.Declare("loop") : null;
        SymbolVisitor visitor = new(body.Symbols);
        visitor.Declare(loop.Target);
        visitor.Visit(loop.Body);
        Place otherwise = body with { Symbols = new Symbols(place.Symbols) };
        new SymbolVisitor(otherwise.Symbols).Visit(loop.Otherwise);

        _lastLine = loop.Line;
        loop.Escape = _escape;
        loop.Procedure = body.Procedure.Procedure;
        loop.BodyScope = Enter(body);
        loop.LoopSlot = loopVariable is null ? null : body.Procedure.SlotOf(loopVariable);
        Visit(loop.Target, body);
        if (!loop.IsRecursive)
            Visit(loop.Source, place);

        bool wasInLoop = body.Procedure.IsInLoop;
        body.Procedure.IsInLoop = true;
        Visit(loop.Body, body);
        body.Procedure.IsInLoop = wasInLoop;

        loop.OtherwiseScope = Enter(otherwise);
        Visit(loop.Otherwise, otherwise);
        if (loop.IsRecursive)
        {
            _lastLine = loop.Line;
            Visit(loop.Source, place);
        }
    }

    private void VisitLoopFilter(For loop, Expression filter, Place place)
    {
        Place test = place.InnerProcedure();
        SymbolVisitor visitor = new(test.Symbols);
        visitor.Declare(loop.Target);
        visitor.Visit(filter);
        loop.FilterProcedure = test.Procedure.Procedure;
        loop.FilterProcedure.Scope = Enter(test);
        loop.FilterTarget = Copy(loop.Target);
        _lastLine = filter.Line;
        Visit(loop.FilterTarget, test);
        Visit(filter, test);
    }

    private static Expression Copy(Expression target) => target is TupleExpression tuple
        ? new TupleExpression([.. tuple.Items.Select(Copy)], tuple.Line)
        : new Name(((Name)target).Text, NameUse.Store, target.Line);

    private void VisitAssignBlock(AssignBlock assign, Place place)
    {
        Place inner = place.Inner();
        new SymbolVisitor(inner.Symbols).Visit(assign.Body);
        assign.Scope = Enter(inner);
        Visit(assign.Body, inner);
        _lastLine = assign.Line;
        Visit(assign.Target, place);
        if (assign.Filter is not null)
            Visit(assign.Filter, inner);
        assign.Exports = Exports(assign.Target, place);
    }

    private void VisitWith(With with, Place place)
    {
        Place inner = place.Inner();
        SymbolVisitor visitor = new(inner.Symbols);
        visitor.Visit(with.Targets);
        visitor.Visit(with.Body);
        with.Scope = Enter(inner);
        with.ValueLine = _lastLine;
        Visit(with.Targets, inner);
        Visit(with.Values, place);
        Visit(with.Body, inner);
    }

    private void VisitFilterBlock(FilterBlock block, Place place)
    {
        Place inner = place.Inner();
        new SymbolVisitor(inner.Symbols).Visit(block.Children);
        block.Scope = Enter(inner);
        Visit(block.Body, inner);
        _lastLine = block.Line;
        Visit(block.Filter, inner);
    }

    private void VisitAutoEscape(AutoEscape autoEscape, Place place)
    {
        Place inner = place.Inner();
        new SymbolVisitor(inner.Symbols).Visit(autoEscape.Children);
        autoEscape.Scope = Enter(inner);
        EscapeMode before = _escape;
        Visit(autoEscape.Flag, inner);
        _escape = before == EscapeMode.Dynamic || autoEscape.Flag is not Literal literal ? EscapeMode.Dynamic
            : literal.Value.IsTrue ? EscapeMode.On : EscapeMode.Off;
        Visit(autoEscape.Body, inner);
        _escape = before;
    }

    private void VisitMacroBody(MacroBody body, IEnumerable<Node> nodes, Place place, int line)
    {
        Place inner = place.InnerProcedure();
        SymbolVisitor visitor = new(inner.Symbols);
        nodes = [.. nodes];
        visitor.Visit(nodes);

        HashSet<string> special = FreeNames.In(body.Body, "caller", "kwargs", "varargs");
        HashSet<string> parameters = new(StringComparer.Ordinal);
        foreach (Name parameter in body.Parameters)
            if (!parameters.Add(parameter.Text))
                throw new TemplateException(TemplateErrorKind.Syntax, $"duplicate argument '{parameter.Text}' in function definition");

        body.TakesCaller = special.Contains("caller");
        body.CallerSlot = Special("caller");
        body.NamedSlot = Special("kwargs");
        body.RestSlot = Special("varargs");
        if (body.TakesCaller && body.CallerSlot is null && body.DefaultOf(body.Parameters.Index().First(static p => p.Item.Text == "caller").Index) is null)
            throw Fail("When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", line);

        visitor.Visit(nodes);
        _lastLine = line;
        body.Procedure = inner.Procedure.Procedure;
        body.Procedure.Scope = Enter(inner);
        Visit(body.Parameters, inner);
        Visit(body.Defaults, inner);
        Visit(body.Body, inner);

        int? Special(string name) => special.Contains(name) && !parameters.Contains(name)
            ? inner.Procedure.SlotOf(inner.Symbols.Declare(name))
            : null;
    }

    private static VariableReference Find(string name, Place place) =>
        place.Procedure.Find(place.Symbols.Find(name) ?? throw new InvalidOperationException($"The name '{name}' was not analysed."));

    private static List<ExportedVariable> Exports(Expression target, Place place) => place.IsTopLevel
        ? [.. target.SelfAndDescendants().OfType<Name>().Select(name => new ExportedVariable(name.Text, name.Variable))]
        : [];

    private static List<ExportedVariable> Surroundings(Place place) =>
        [.. place.Symbols.AssignedNames().Select(name => new ExportedVariable(name, Find(name, place)))];

    private static void EnsureKnown(bool isKnown, string what, string name, int line, Place place)
    {
        if (!isKnown && !place.IsConditional)
            throw Fail($"No {what} named {PythonRepr.Of(name)}.", line);
    }

    private static void EnsureDistinct(ArgumentList arguments)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, _) in arguments.Named)
            if (!names.Add(name))
                throw RepeatedArgument(name);
    }

    private static TemplateException RepeatedArgument(string name) => new(TemplateErrorKind.Syntax, $"keyword argument repeated: {name}");

    private static TemplateException Fail(string message, int line) => new(TemplateErrorKind.Syntax, message, line);
}
