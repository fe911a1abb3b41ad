using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Filters that apply another filter or a test to each element. They begin to work when their result is asked for.</summary>
internal static class SelectionFilters
{
    public static IReadOnlyDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(StringComparer.Ordinal)
    {
        ["map"] = new("do_map(value, *args, **kwargs)", static (e, a) => new IteratorValue("generator", Map(e, a))),
        ["select"] = new("do_select(value, *args, **kwargs)", static (e, a) => Select(e, a, wanted: true, byAttribute: false)),
        ["reject"] = new("do_reject(value, *args, **kwargs)", static (e, a) => Select(e, a, wanted: false, byAttribute: false)),
        ["selectattr"] = new("do_selectattr(value, *args, **kwargs)", static (e, a) => Select(e, a, wanted: true, byAttribute: true)),
        ["rejectattr"] = new("do_rejectattr(value, *args, **kwargs)", static (e, a) => Select(e, a, wanted: false, byAttribute: true)),
    };

    private static IEnumerable<TemplateValue> Map(Evaluator evaluator, BoundArguments arguments)
    {
        if (!arguments[0].IsTrue)
            yield break;

        Func<TemplateValue, TemplateValue> map = Mapping(evaluator, arguments);
        foreach (TemplateValue item in evaluator.Iterate(arguments[0]))
            yield return map(item);
    }

    private static Func<TemplateValue, TemplateValue> Mapping(Evaluator evaluator, BoundArguments arguments)
    {
        if (arguments.Rest.Count > 0)
        {
            string name = NameOf(arguments.Rest[0], evaluator);
            CallArguments further = new([.. arguments.Rest.Skip(1)], arguments.Named);
            return item => evaluator.CallFilter(name, further.Prepend(item));
        }

        TemplateValue? attribute = Named(arguments, "attribute");
        if (attribute is null)
            throw Errors.Runtime("map requires a filter argument");
        foreach (NamedArgument argument in arguments.Named)
            if (argument.Name is not ("attribute" or "default"))
                throw Errors.Runtime($"Unexpected keyword argument {PythonRepr.Of(argument.Name)}");

        TemplateValue? fallback = Named(arguments, "default");
        return new AttributePath(attribute, evaluator, fallback is NoneValue ? null : fallback).Get;
    }

    private static IteratorValue Select(Evaluator evaluator, BoundArguments arguments, bool wanted, bool byAttribute)
    {
        return new IteratorValue("generator", Selected());

        IEnumerable<TemplateValue> Selected()
        {
            if (!arguments[0].IsTrue)
                yield break;

            Func<TemplateValue, bool> test = Testing(evaluator, arguments, byAttribute);
            foreach (TemplateValue item in evaluator.Iterate(arguments[0]))
                if (test(item) == wanted)
                    yield return item;
        }
    }

    private static Func<TemplateValue, bool> Testing(Evaluator evaluator, BoundArguments arguments, bool byAttribute)
    {
        if (byAttribute && arguments.Rest.Count == 0)
            throw Errors.Runtime("Missing parameter for attribute name");

        Func<TemplateValue, TemplateValue> get = byAttribute ? new AttributePath(arguments.Rest[0], evaluator).Get : static item => item;
        int at = byAttribute ? 1 : 0;
        if (arguments.Rest.Count <= at)
            return item => get(item).IsTrue;

        string name = NameOf(arguments.Rest[at], evaluator);
        CallArguments further = new([.. arguments.Rest.Skip(at + 1)], arguments.Named);
        return item => evaluator.CallTest(name, further.Prepend(get(item)));
    }

    private static string NameOf(TemplateValue name, Evaluator evaluator) => name.ToText(evaluator.Budget);

    private static TemplateValue? Named(BoundArguments arguments, string name) =>
        arguments.Named.Where(argument => argument.Name == name).Select(static argument => argument.Value).FirstOrDefault();
}
