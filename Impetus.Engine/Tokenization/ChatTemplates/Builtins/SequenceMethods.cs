using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Methods of lists, tuples and ranges that change nothing.</summary>
internal static class SequenceMethods
{
    private static readonly MethodTable Common = new(
        new("count(self, value, /)", static (e, a) => TemplateValue.From(e.Iterate(a[0]).Count(item => Operators.AreSame(item, a[1])))),
        new("index(self, value, start?, stop?, /)", static (e, a) => Index(e, a)));

    private static readonly MethodTable OfLists = new(
        new Builtin("copy(self, /)", static (_, a) => new ListValue(((ListValue)a[0]).Items)));

    public static TemplateValue? Find(TemplateValue owner, string name) =>
        Common.Find(owner, name) ?? (owner is ListValue ? OfLists.Find(owner, name) : null);

    private static TemplateValue Index(Evaluator evaluator, BoundArguments arguments)
    {
        List<TemplateValue> items = evaluator.ToList(arguments[0]);
        SliceRange range = new SliceValue(
            arguments.Optional(2) ?? TemplateValue.None, arguments.Optional(3) ?? TemplateValue.None, TemplateValue.None).Resolve(items.Count);
        foreach (int at in range.Indices())
            if (Operators.AreSame(items[at], arguments[1]))
                return TemplateValue.From(at);
        throw Errors.Value($"{arguments[1].ToText(evaluator.Budget)} is not in {arguments[0].TypeName}");
    }
}
