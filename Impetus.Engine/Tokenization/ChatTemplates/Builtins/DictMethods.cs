using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Methods of mappings that change nothing.</summary>
internal static class DictMethods
{
    private static readonly MethodTable Methods = new(
        new("get(self, key, default?, /)", static (e, a) => Get(e, a)),
        new("keys(self, /)", static (e, a) => new DictView("dict_keys", Charged(e, a, static entry => entry.Key))),
        new("values(self, /)", static (e, a) => new DictView("dict_values", Charged(e, a, static entry => entry.Value))),
        new("items(self, /)", static (e, a) => new DictView("dict_items", Charged(e, a, static entry => new TupleValue([entry.Key, entry.Value])))),
        new("copy(self, /)", static (_, a) => new DictValue(Dict(a).Entries)),
        new("fromkeys(self, keys, value?, /)", static (e, a) => FromKeys(e, a[1], a.Optional(2))));

    public static TemplateValue? Find(DictValue owner, string name) => Methods.Find(owner, name);

    /// <summary><c>dict.fromkeys</c>.</summary>
    public static DictValue FromKeys(Evaluator evaluator, TemplateValue keys, TemplateValue? value)
    {
        OrderedDictionary<TemplateValue, TemplateValue> entries = [];
        foreach (TemplateValue key in evaluator.Iterate(keys))
        {
            key.EnsureHashable();
            entries[key] = value ?? TemplateValue.None;
        }

        return new DictValue(entries);
    }

    private static TemplateValue Get(Evaluator evaluator, BoundArguments arguments)
    {
        arguments[1].EnsureHashable();
        return Dict(arguments).Item(arguments[1], evaluator.Budget) ?? arguments.Optional(2) ?? TemplateValue.None;
    }

    private static DictValue Dict(BoundArguments arguments) => (DictValue)arguments[0];

    private static TemplateValue[] Charged(
        Evaluator evaluator, BoundArguments arguments, Func<KeyValuePair<TemplateValue, TemplateValue>, TemplateValue> select)
    {
        evaluator.Budget.Charge(4L * Dict(arguments).Entries.Count);
        return [.. Dict(arguments).Entries.Select(select)];
    }
}
