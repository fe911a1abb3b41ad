using Impetus.Engine.Tokenization.ChatTemplates.Scoping;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Statements.</summary>
internal sealed partial class Evaluator
{
    /// <summary>How a statement ended.</summary>
    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    private Flow Execute(IReadOnlyList<Statement> statements, Frame frame)
    {
        StackGuard.Ensure();
        foreach (Statement statement in statements)
        {
            Flow flow = Execute(statement, frame);
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    private Flow Execute(Statement statement, Frame frame)
    {
        Budget.Step();
        switch (statement)
        {
            case Output output:
                Print(output, frame);
                return Flow.Next;
            case If condition:
                return ExecuteIf(condition, frame);
            case For { IsRecursive: true } loop:
                _line = loop.Line;
                _output.Append(RunRecursively(loop, frame, Evaluate(loop.Source, frame), depth: 0).Text);
                return Flow.Next;
            case For loop:
                return RunLoop(loop, frame, frame, () => Evaluate(loop.Source, frame), recursion: null, depth: 0);
            case Assign assign:
                ExecuteAssign(assign, frame);
                return Flow.Next;
            case AssignBlock assign:
                return ExecuteAssignBlock(assign, frame);
            case With with:
                return ExecuteWith(with, frame);
            case FilterBlock block:
                return ExecuteFilterBlock(block, frame);
            case AutoEscape autoEscape:
                return ExecuteAutoEscape(autoEscape, frame);
            case Macro macro:
                MacroValue value = new(macro.Name, macro.Body, macro.Line, frame, macro.Body.TakesCaller);
                frame[macro.Variable] = value;
                if (macro.IsExported)
                    frame.Context.Assign(macro.Name, value);
                return Flow.Next;
            case CallBlock block:
                ExecuteCallBlock(block, frame);
                return Flow.Next;
            case GenerationBlock generation:
                _line = generation.Line;
                _output.Append(InvokeMacro(new MacroValue(null, generation.Body, generation.Line, frame, false), CallArguments.None).Text);
                return Flow.Next;
            case Block block:
                ExecuteBlock(block, frame);
                return Flow.Next;
            case LoopControl control:
                return control.IsBreak ? Flow.Break : Flow.Continue;
            case TemplateImport import:
                ExecuteImport(import, frame);
                return Flow.Next;
            default:
                throw new InvalidOperationException($"No rule for {statement.GetType().Name}.");
        }
    }

    private void Print(Output output, Frame frame)
    {
        foreach (Expression part in output.Parts)
        {
            if (part is TemplateText text)
            {
                _output.Append(text.Text);
                continue;
            }

            _line = part.Line;
            TemplateValue value = Evaluate(part, frame);
            _output.Append(Escapes(output.Escape) ? Escape(value).Text : value.ToText(Budget));
        }
    }

    private bool Escapes(EscapeMode mode) => mode == EscapeMode.On || (mode == EscapeMode.Dynamic && AutoEscapes);

    private Flow ExecuteIf(If condition, Frame frame)
    {
        _line = condition.Line;
        if (Evaluate(condition.Test, frame).IsTrue)
            return Execute(condition.Body, frame);

        foreach (If alternative in condition.Alternatives)
        {
            _line = alternative.Line;
            if (Evaluate(alternative.Test, frame).IsTrue)
                return Execute(alternative.Body, frame);
        }

        return Execute(condition.Otherwise, frame);
    }

    private void ExecuteAssign(Assign assign, Frame frame)
    {
        foreach (NamespaceTarget target in assign.Target.SelfAndDescendants().OfType<NamespaceTarget>())
            if (frame[target.Variable] is not NamespaceValue)
            {
                _line = assign.CheckLine;
                throw Errors.Runtime("cannot assign attribute on non-namespace object");
            }

        _line = assign.Line;
        Store(assign.Target, Evaluate(assign.Value, frame), frame);
        Export(assign.Exports, frame);
    }

    private Flow ExecuteAssignBlock(AssignBlock assign, Frame frame)
    {
        frame.Enter(assign.Scope);
        Flow flow = Flow.Next;
        string text = Capture(() => flow = Execute(assign.Body, frame));
        if (flow != Flow.Next)
            return flow;

        _line = assign.Line;
        TemplateValue value = new StringValue(text, AutoEscapes);
        if (assign.Filter is not null)
            value = EvaluateFilter(assign.Filter, frame, value);
        if (AutoEscapes)
            value = new StringValue(value.ToText(Budget), isMarkup: true);
        Store(assign.Target, value, frame);
        Export(assign.Exports, frame);
        frame.Leave(assign.Scope);
        return Flow.Next;
    }

    private static void Export(IReadOnlyList<ExportedVariable> exports, Frame frame)
    {
        foreach (ExportedVariable export in exports)
            if (frame[export.Variable] is { } value)
                frame.Context.Assign(export.Name, value);
    }

    private Flow ExecuteWith(With with, Frame frame)
    {
        frame.Enter(with.Scope);
        _line = with.ValueLine;
        for (int i = 0; i < with.Targets.Count; i++)
            Store(with.Targets[i], Evaluate(with.Values[i], frame), frame);

        Flow flow = Execute(with.Body, frame);
        if (flow == Flow.Next)
            frame.Leave(with.Scope);
        return flow;
    }

    private Flow ExecuteFilterBlock(FilterBlock block, Frame frame)
    {
        frame.Enter(block.Scope);
        Flow flow = Flow.Next;
        string text = Capture(() => flow = Execute(block.Body, frame));
        if (flow != Flow.Next)
            return flow;

        _line = block.Line;
        TemplateValue filtered = EvaluateFilter(block.Filter, frame, new StringValue(text, AutoEscapes));
        _output.Append(filtered is StringValue result
            ? result.Text
            : throw Errors.Type($"sequence item 0: expected str instance, {filtered.TypeName} found"));
        frame.Leave(block.Scope);
        return Flow.Next;
    }

    private Flow ExecuteAutoEscape(AutoEscape autoEscape, Frame frame)
    {
        frame.Enter(autoEscape.Scope);
        bool before = AutoEscapes;
        AutoEscapes = Evaluate(autoEscape.Flag, frame).IsTrue;
        Flow flow = Execute(autoEscape.Body, frame);
        if (flow != Flow.Next)
            return flow;

        AutoEscapes = before;
        frame.Leave(autoEscape.Scope);
        return Flow.Next;
    }

    private void ExecuteCallBlock(CallBlock block, Frame frame)
    {
        _line = block.Line;
        MacroValue caller = new(null, block.Body, block.Line, frame, block.Body.TakesCaller);
        TemplateValue result = EvaluateCall(block.Call, frame, caller);
        _output.Append(result is StringValue text
            ? text.Text
            : throw Errors.Type($"sequence item 0: expected str instance, {result.TypeName} found"));
    }

    private void ExecuteBlock(Block block, Frame frame)
    {
        _line = block.Line;
        if (block.IsRequired)
            throw Errors.Runtime($"Required block '{block.Name}' not found");

        Context context = block.IsScoped
            ? frame.Context.Derive(
                from variable in block.Surroundings
                let value = frame[variable.Variable]
                where value is not null
                select KeyValuePair.Create(variable.Name, value))
            : frame.Context;
        RunBlock(block, context);
    }

    private void RunBlock(Block block, Context context)
    {
        Budget.EnterCall();
        int line = _line;
        Frame frame = new(block.Procedure, null, context);
        if (block.Procedure.SelfSlot is { } self)
            frame.Set(self, new TemplateReference(this, context));
        if (block.Procedure.SuperSlot is { } super)
            frame.Set(super, new UndefinedValue($"there is no parent block called '{block.Name}'."));
        Execute(block.Body, frame);
        _line = line;
        Budget.LeaveCall();
    }

    private void ExecuteImport(TemplateImport import, Frame frame)
    {
        _line = import.Line;
        TemplateValue template = Evaluate(import.Template, frame);
        if (import.IgnoreMissing && template is SequenceValue { Items.Count: 0 })
            return;

        throw Errors.Type("no loader for this environment specified");
    }

    /// <summary>Assigns a value to a name, to a namespace's attribute, or its elements to those of a tuple.</summary>
    private void Store(Expression target, TemplateValue value, Frame frame)
    {
        switch (target)
        {
            case Name name:
                frame[name.Variable] = value;
                break;
            case NamespaceTarget attribute when frame[attribute.Variable] is NamespaceValue space:
                space.Set(attribute.Attribute, value);
                break;
            case NamespaceTarget attribute:
                throw Errors.Type($"'{frame[attribute.Variable]?.TypeName}' object does not support item assignment");
            case TupleExpression tuple:
                List<TemplateValue> elements = Unpack(value, tuple.Items.Count);
                for (int i = 0; i < elements.Count; i++)
                    Store(tuple.Items[i], elements[i], frame);
                break;
        }
    }

    private List<TemplateValue> Unpack(TemplateValue value, int count)
    {
        if (value.Elements() is null)
            throw Errors.Type($"cannot unpack non-iterable {value.TypeName} object");

        List<TemplateValue> elements = [.. Iterate(value).Take(count + 1)];
        if (elements.Count > count)
            throw Errors.Value($"too many values to unpack (expected {count})");
        if (elements.Count < count)
            throw Errors.Value($"not enough values to unpack (expected {count}, got {elements.Count})");
        return elements;
    }
}
