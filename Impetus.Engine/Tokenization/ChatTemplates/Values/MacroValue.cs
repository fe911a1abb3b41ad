using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A macro or the body of a call block, with the variables around its definition.</summary>
/// <param name="name">Its name; a call block has none.</param>
/// <param name="body">Parameters and statements.</param>
/// <param name="line">The line of its definition.</param>
/// <param name="outer">The variables that it sees.</param>
/// <param name="takesCaller">Whether it uses <c>caller</c>.</param>
internal sealed class MacroValue(string? name, MacroBody body, int line, Frame outer, bool takesCaller) : TemplateValue
{
    public MacroBody Body => body;

    public int Line => line;

    internal override string TypeName => "Macro";

    internal override string ObjectName => "jinja2.runtime.Macro object";

    internal override bool IsCallable => true;

    internal override TemplateValue? Attribute(string attribute) => attribute switch
    {
        "name" => From(name),
        "arguments" => new TupleValue([.. body.Parameters.Select(static parameter => new StringValue(parameter.Text))]),
        "catch_kwargs" => From(body.NamedSlot is not null),
        "catch_varargs" => From(body.RestSlot is not null),
        "caller" => From(takesCaller),
        "explicit_caller" => From(HasCallerParameter),
        _ => null,
    };

    internal override TemplateValue Call(Evaluator evaluator, CallArguments arguments) => evaluator.InvokeMacro(this, arguments);

    internal override void AppendRepr(TextBuilder into) => into.Append($"<Macro {(name is null ? "anonymous" : PythonRepr.Of(name))}>");

    /// <summary>A frame with the arguments in it.</summary>
    /// <param name="arguments">What the call hands over.</param>
    /// <param name="missing">The parameters that are still without a value.</param>
    internal Frame NewFrame(CallArguments arguments, out List<int> missing)
    {
        OrderedDictionary<string, TemplateValue> named = new(StringComparer.Ordinal);
        foreach (NamedArgument argument in arguments.Named)
            named[argument.Name] = argument.Value;

        Frame frame = new(body.Procedure, outer, outer.Context);
        missing = [];
        for (int i = 0; i < body.Parameters.Count; i++)
        {
            TemplateValue? value = i < arguments.Positional.Count ? arguments.Positional[i] : null;
            if (value is null && named.Remove(body.Parameters[i].Text, out TemplateValue? byName))
                value = byName;
            if (value is null)
                missing.Add(i);
            frame[body.Parameters[i].Variable] = value;
        }

        TakeCaller(frame, named);
        TakeNamed(frame, named);
        TakeRest(frame, arguments);
        return frame;
    }

    private bool HasCallerParameter => body.Parameters.Any(static parameter => parameter.Text == "caller");

    private void TakeCaller(Frame frame, OrderedDictionary<string, TemplateValue> named)
    {
        if (!takesCaller || body.CallerSlot is not { } slot)
            return;

        named.Remove("caller", out TemplateValue? caller);
        frame.Set(slot, caller is null or NoneValue ? new UndefinedValue("No caller defined") : caller);
    }

    private void TakeNamed(Frame frame, OrderedDictionary<string, TemplateValue> named)
    {
        if (body.NamedSlot is { } slot)
            frame.Set(slot, new CallArguments([], [.. named.Select(static pair => new NamedArgument(pair.Key, pair.Value))]).NamedAsDict());
        else if (named.ContainsKey("caller"))
            throw Errors.Type($"macro {Described} was invoked with two values for the special caller argument. This is most likely a bug.");
        else if (named.Count > 0)
            throw Errors.Type($"macro {Described} takes no keyword argument {PythonRepr.Of(named.GetAt(0).Key)}");
    }

    private void TakeRest(Frame frame, CallArguments arguments)
    {
        if (body.RestSlot is { } slot)
            frame.Set(slot, new TupleValue([.. arguments.Positional.Skip(body.Parameters.Count)]));
        else if (arguments.Positional.Count > body.Parameters.Count)
            throw Errors.Type($"macro {Described} takes not more than {body.Parameters.Count} argument(s)");
    }

    private string Described => name is null ? "None" : PythonRepr.Of(name);
}
