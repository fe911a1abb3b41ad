using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>Statements, in the order in which Jinja writes their code.</summary>
internal sealed partial class ScopeResolver
{
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
        if (body.TakesCaller && body.CallerSlot is null && !HasDefault("caller"))
            throw Fail("When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", line);

        visitor.Visit(nodes);
        _lastLine = line;
        body.Procedure = inner.Procedure.Procedure;
        body.Procedure.Scope = Enter(inner);
        Visit(body.Parameters, inner);
        Visit(body.Defaults, inner);
        Visit(body.Body, inner);

        bool HasDefault(string name) => body.Parameters.Index()
            .Any(parameter => parameter.Item.Text == name && body.DefaultOf(parameter.Index) is not null);

        int? Special(string name) => special.Contains(name) && !parameters.Contains(name)
            ? inner.Procedure.SlotOf(inner.Symbols.Declare(name))
            : null;
    }
}
