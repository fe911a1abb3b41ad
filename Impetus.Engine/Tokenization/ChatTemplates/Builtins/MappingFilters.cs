using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Filters on mappings and on any value: defaults, attributes, JSON.</summary>
internal static class MappingFilters
{
    private static readonly Builtin Default = new("do_default(value, default_value?, boolean?)", static (_, a) =>
        a[0] is UndefinedValue || (a.Flag(2) && !a[0].IsTrue) ? a.Optional(1) ?? StringValue.Empty : a[0]);

    public static IReadOnlyDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(StringComparer.Ordinal)
    {
        ["attr"] = new("do_attr(obj, name)", static (e, a) => Attributes.GetOnly(a[0], a.Text(1), e.Budget)),
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = new("do_dictsort(value, case_sensitive?, by?, reverse?)", static (e, a) => DictSort(e, a)),
        ["items"] = new("do_items(value)", static (e, a) => new IteratorValue("generator", Items(a[0]))),
        ["tojson"] = new("tojson(x, ensure_ascii?, indent?, separators?, sort_keys?)", static (e, a) => ToJson(e, a)),
    };

    private static ListValue DictSort(Evaluator evaluator, BoundArguments arguments)
    {
        string by = arguments.Optional(2) is StringValue given ? given.Text : arguments.Optional(2) is null ? "key" : "";
        if (by is not ("key" or "value"))
            throw Errors.Runtime("You can only sort by either \"key\" or \"value\"");

        List<KeyValuePair<TemplateValue, TemplateValue>> entries = arguments[0] switch
        {
            DictValue dict => [.. dict.Entries],
            UndefinedValue undefined => throw undefined.Error(),
            _ => throw Errors.Type($"'{arguments[0].TypeName}' object has no attribute 'items'"),
        };
        evaluator.Budget.Charge(entries.Count);
        AttributePath itself = new(null, evaluator) { IgnoresCase = !arguments.Flag(1) };
        return new ListValue([.. StableSort
            .By(entries, entry => itself.Get(by == "key" ? entry.Key : entry.Value), arguments.Flag(3), evaluator.Budget)
            .Select(static entry => new TupleValue([entry.Key, entry.Value]))]);
    }

    private static IEnumerable<TemplateValue> Items(TemplateValue value)
    {
        if (value is UndefinedValue)
            yield break;
        if (value is not DictValue dict)
            throw Errors.Type("Can only get item pairs from a mapping.");
        foreach ((TemplateValue key, TemplateValue item) in dict.Entries)
            yield return new TupleValue([key, item]);
    }

    private static StringValue ToJson(Evaluator evaluator, BoundArguments arguments)
    {
        string? indent = arguments.OptionalNotNone(2) switch
        {
            null => null,
            StringValue text => text.Text,
            _ => Blanks(arguments.Integer(2), evaluator.Budget),
        };
        (string, string) separators = (indent is null ? ", " : ",", ": ");
        if (arguments.OptionalNotNone(3) is { } given)
        {
            List<TemplateValue> parts = evaluator.ToList(given);
            separators = parts is [StringValue item, StringValue key]
                ? (item.Text, key.Text)
                : throw Errors.Type("separators must be two texts");
        }

        return new StringValue(JsonText.Write(arguments[0], arguments.Flag(1), arguments.Flag(4), indent, separators, evaluator.Budget));
    }

    private static string Blanks(int count, Budget budget)
    {
        count = Math.Max(count, 0);
        budget.ChargeText(count);
        return new string(' ', count);
    }
}
