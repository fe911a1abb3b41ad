using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Calls of functions, macros, filters and tests.</summary>
internal sealed partial class Evaluator
{
    /// <summary>Applies a filter whose name is known only now.</summary>
    public TemplateValue CallFilter(string name, CallArguments arguments) =>
        (Filters.Find(name) ?? throw Errors.Runtime($"No filter named {PythonRepr.Of(name)}.")).Invoke(this, arguments);

    /// <summary>Applies a test whose name is known only now.</summary>
    public bool CallTest(string name, CallArguments arguments) =>
        (Tests.Find(name) ?? throw Errors.Runtime($"No test named {PythonRepr.Of(name)}.")).Invoke(this, arguments).IsTrue;

    /// <summary>Runs a macro and returns its text.</summary>
    internal StringValue InvokeMacro(MacroValue macro, CallArguments arguments)
    {
        Budget.EnterCall();
        int line = _line;
        Frame frame = macro.NewFrame(arguments, out List<int> missing);
        string text = Capture(() =>
        {
            _line = macro.Line;
            foreach (int index in missing)
                frame[macro.Body.Parameters[index].Variable] = macro.Body.DefaultOf(index) is { } value
                    ? Evaluate(value, frame)
                    : new UndefinedValue($"parameter '{macro.Body.Parameters[index].Text}' was not provided");
            Execute(macro.Body.Body, frame);
        });
        _line = line;
        Budget.LeaveCall();
        return new StringValue(text, AutoEscapes);
    }

    /// <summary>Calls a block through <c>self.name()</c>.</summary>
    internal StringValue InvokeBlock(string name, Context context) => new(Capture(() => RunBlock(_blocks[name], context)), AutoEscapes);

    /// <summary>Whether the template has a block of a name.</summary>
    internal bool HasBlock(string name) => _blocks.ContainsKey(name);

    private TemplateValue EvaluateCall(Call call, Frame frame, MacroValue? caller)
    {
        TemplateValue callee = Evaluate(call.Callee, frame);
        CallArguments arguments = EvaluateArguments(call.Arguments, frame);
        if (caller is not null)
            arguments = arguments with { Named = [.. arguments.Named, new NamedArgument("caller", caller)] };
        return callee.Call(this, arguments);
    }

    /// <param name="filter">The last filter of a chain.</param>
    /// <param name="frame">The variables.</param>
    /// <param name="body">The text of a filter block, which the first filter of the chain takes.</param>
    private TemplateValue EvaluateFilter(FilterExpression filter, Frame frame, TemplateValue? body = null)
    {
        TemplateValue input = filter.Input switch
        {
            null => body ?? StringValue.Empty,
            FilterExpression inner when body is not null => EvaluateFilter(inner, frame, body),
            { } expression => Evaluate(expression, frame),
        };
        CallArguments arguments = EvaluateArguments(filter.Arguments, frame).Prepend(input);
        Builtin builtin = Filters.Find(filter.Name) ?? throw Errors.Runtime($"No filter named {PythonRepr.Of(filter.Name)} found.");
        return builtin.Invoke(this, arguments);
    }

    private TemplateValue EvaluateTest(TestExpression test, Frame frame)
    {
        TemplateValue input = Evaluate(test.Input, frame);
        CallArguments arguments = EvaluateArguments(test.Arguments, frame).Prepend(input);
        Builtin builtin = Tests.Find(test.Name) ?? throw Errors.Runtime($"No test named {PythonRepr.Of(test.Name)} found.");
        return builtin.Invoke(this, arguments);
    }

    private CallArguments EvaluateArguments(ArgumentList list, Frame frame)
    {
        if (list == ArgumentList.Empty)
            return CallArguments.None;

        List<TemplateValue> positional = [.. EvaluateAll(list.Positional, frame)];
        List<NamedArgument> named = [];
        foreach ((string name, Expression value) in list.Named)
            named.Add(new NamedArgument(name, Evaluate(value, frame)));
        if (list.Spread is not null)
            positional.AddRange(Iterate(Evaluate(list.Spread, frame)));
        if (list.NamedSpread is not null)
            AddSpread(Evaluate(list.NamedSpread, frame), named);
        return new CallArguments(positional, named);
    }

    private static void AddSpread(TemplateValue spread, List<NamedArgument> named)
    {
        if (spread is UndefinedValue undefined)
            throw undefined.Error();
        if (spread is not DictValue dict)
            throw Errors.Type($"argument after ** must be a mapping, not {spread.TypeName}");

        HashSet<string> names = new(named.Select(static argument => argument.Name), StringComparer.Ordinal);
        foreach ((TemplateValue key, TemplateValue value) in dict.Entries)
        {
            if (key is not StringValue name)
                throw Errors.Type("keywords must be strings");
            if (!names.Add(name.Text))
                throw Errors.Type($"got multiple values for keyword argument '{name.Text}'");
            named.Add(new NamedArgument(name.Text, value));
        }
    }
}
