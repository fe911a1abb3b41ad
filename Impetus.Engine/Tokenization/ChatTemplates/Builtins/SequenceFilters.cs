using System.Numerics;
using System.Security.Cryptography;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Filters on sequences as wholes: their length, order, parts and sums.</summary>
internal static class SequenceFilters
{
    private static readonly Builtin Length = new("len(obj, /)", static (e, a) => a[0].Length(e.Budget) is { } length
        ? TemplateValue.From(length)
        : throw Errors.Type($"object of type '{a[0].TypeName}' has no len()"));

    public static IReadOnlyDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(StringComparer.Ordinal)
    {
        ["count"] = Length,
        ["length"] = Length,
        ["batch"] = new("do_batch(value, linecount, fill_with?)", static (e, a) => new IteratorValue("generator", Batch(e, a))),
        ["first"] = new("do_first(seq)", static (e, a) =>
            e.Iterate(a[0]).FirstOrDefault() ?? new UndefinedValue("No first item, sequence was empty.")),
        ["groupby"] = new("do_groupby(value, attribute, default?, case_sensitive?)", static (e, a) => GroupBy(e, a)),
        ["join"] = new("do_join(value, d?, attribute?)", static (e, a) => Join(e, a)),
        ["last"] = new("do_last(seq)", static (_, a) => Last(a[0])),
        ["list"] = new("do_list(value)", static (e, a) => new ListValue(e.ToList(a[0]))),
        ["max"] = new("do_max(value, case_sensitive?, attribute?)", static (e, a) => Extreme(e, a, ">")),
        ["min"] = new("do_min(value, case_sensitive?, attribute?)", static (e, a) => Extreme(e, a, "<")),
        ["random"] = new("do_random(seq)", static (e, a) => Random(e, a)),
        ["reverse"] = new("do_reverse(value)", static (e, a) => Reverse(e, a[0])),
        ["slice"] = new("do_slice(value, slices, fill_with?)", static (e, a) => new IteratorValue("generator", Slice(e, a))),
        ["sort"] = new("do_sort(value, reverse?, case_sensitive?, attribute?)", static (e, a) => Sort(e, a)),
        ["sum"] = new("do_sum(iterable, attribute?, start?)", static (e, a) => Sum(e, a)),
        ["unique"] = new("do_unique(value, case_sensitive?, attribute?)", static (e, a) => new IteratorValue("generator", Unique(e, a))),
    };

    private static TemplateValue Last(TemplateValue value)
    {
        IEnumerable<TemplateValue> reversed = value.ReversedElements() ?? throw Errors.Type($"'{value.TypeName}' object is not reversible");
        return reversed.FirstOrDefault() ?? new UndefinedValue("No last item, sequence was empty.");
    }

    private static IEnumerable<TemplateValue> Batch(Evaluator evaluator, BoundArguments arguments)
    {
        int size = arguments.Integer(1);
        List<TemplateValue> batch = [];
        foreach (TemplateValue item in evaluator.Iterate(arguments[0]))
        {
            if (batch.Count == size)
            {
                yield return new ListValue(batch);
                batch = [];
            }

            batch.Add(item);
        }

        if (batch.Count == 0)
            yield break;
        if (arguments.OptionalNotNone(2) is { } fill && batch.Count < size)
        {
            evaluator.Budget.Charge(size - batch.Count);
            batch.AddRange(Enumerable.Repeat(fill, size - batch.Count));
        }

        yield return new ListValue(batch);
    }

    /// <summary>As many lists as asked for, the first of which take the items that do not divide evenly.</summary>
    private static IEnumerable<TemplateValue> Slice(Evaluator evaluator, BoundArguments arguments)
    {
        List<TemplateValue> items = evaluator.ToList(arguments[0]);
        int slices = arguments.Integer(1);
        if (slices == 0)
            throw Errors.Arithmetic("integer division or modulo by zero");

        int size = items.Count / Math.Max(slices, 1), longer = items.Count % Math.Max(slices, 1), start = 0;
        for (int i = 0; i < slices; i++)
        {
            evaluator.Budget.Step();
            int end = start + size + (i < longer ? 1 : 0);
            List<TemplateValue> slice = items[start..end];
            if (arguments.OptionalNotNone(2) is { } fill && i >= longer)
                slice.Add(fill);
            start = end;
            yield return new ListValue(slice);
        }
    }

    private static ListValue GroupBy(Evaluator evaluator, BoundArguments arguments)
    {
        TemplateValue? fallback = arguments.OptionalNotNone(2);
        AttributePath path = new(arguments[1], evaluator, fallback);
        AttributePath key = arguments.Flag(3) ? path : path with { IgnoresCase = true };
        List<TemplateValue> groups = [], current = [];
        TemplateValue? last = null;
        foreach (TemplateValue item in StableSort.By(evaluator.ToList(arguments[0]), key.Get, isReverse: false, evaluator.Budget))
        {
            TemplateValue itsKey = key.Get(item);
            if (last is not null && !Operators.AreSame(last, itsKey))
                Close();
            last = itsKey;
            current.Add(item);
        }

        if (last is not null)
            Close();
        return new ListValue(groups);

        void Close()
        {
            groups.Add(new TupleValue([path.Get(current[0]), new ListValue(current)], isGroup: true));
            current = [];
        }
    }

    private static StringValue Join(Evaluator evaluator, BoundArguments arguments)
    {
        IEnumerable<TemplateValue> items = evaluator.Iterate(arguments[0]);
        if (arguments.OptionalNotNone(2) is { } attribute)
            items = items.Select(new AttributePath(attribute, evaluator).Get);
        StringValue separator = arguments.Optional(1) is { } given ? evaluator.ToText(given) : StringValue.Empty;

        bool isMarkup = false;
        if (evaluator.AutoEscapes)
        {
            items = [.. items];
            isMarkup = separator.IsMarkup || items.Any(static item => item is StringValue { IsMarkup: true });
        }

        TextBuilder text = new(evaluator.Budget);
        bool isFirst = true;
        foreach (TemplateValue item in items)
        {
            if (!isFirst)
                text.Append(isMarkup ? evaluator.Escape(separator).Text : separator.Text);
            isFirst = false;
            text.Append(isMarkup ? evaluator.Escape(item).Text : item.ToText(evaluator.Budget));
        }

        return new StringValue(text.ToString(), isMarkup);
    }

    private static TemplateValue Extreme(Evaluator evaluator, BoundArguments arguments, string symbol)
    {
        AttributePath key = new(arguments.Optional(2), evaluator) { IgnoresCase = !arguments.Flag(1) };
        TemplateValue? best = null, bestKey = null;
        foreach (TemplateValue item in evaluator.Iterate(arguments[0]))
        {
            TemplateValue itsKey = key.Get(item);
            if (best is null || Operators.Order(symbol, itsKey, bestKey!, evaluator.Budget))
                (best, bestKey) = (item, itsKey);
        }

        return best ?? new UndefinedValue("No aggregated item, sequence was empty.");
    }

    private static TemplateValue Random(Evaluator evaluator, BoundArguments arguments)
    {
        if (arguments[0].Length(evaluator.Budget) is not { } length)
            throw Errors.Type($"object of type '{arguments[0].TypeName}' has no len()");
        if (length == 0)
            return new UndefinedValue("No random item, sequence was empty.");

        return arguments[0].Item(TemplateValue.From(RandomNumberGenerator.GetInt32(length)), evaluator.Budget)
            ?? throw Errors.Lookup("the value has no elements by index");
    }

    private static TemplateValue Reverse(Evaluator evaluator, TemplateValue value)
    {
        if (value is StringValue text)
        {
            evaluator.Budget.ChargeText(text.Text.Length);
            return text.With(PythonText.Reverse(text.Text));
        }

        if (value.ReversedElements() is { } reversed)
            return new IteratorValue("reversed", reversed);
        if (value.Elements() is null)
            throw Errors.Runtime("argument must be iterable");

        List<TemplateValue> items = evaluator.ToList(value);
        items.Reverse();
        return new ListValue(items);
    }

    private static ListValue Sort(Evaluator evaluator, BoundArguments arguments)
    {
        List<AttributePath> paths = [.. AttributePath.Several(arguments.Optional(3), evaluator, ignoresCase: !arguments.Flag(2))];
        return new ListValue(StableSort.By(
            evaluator.ToList(arguments[0]),
            item => new ListValue([.. paths.Select(path => path.Get(item))]),
            arguments.Flag(1),
            evaluator.Budget));
    }

    private static TemplateValue Sum(Evaluator evaluator, BoundArguments arguments)
    {
        TemplateValue total = arguments.Optional(2) ?? TemplateValue.From(BigInteger.Zero);
        if (total is StringValue)
            throw Errors.Type("sum() can't sum strings [use ''.join(seq) instead]");

        AttributePath path = new(arguments.Optional(1), evaluator);
        foreach (TemplateValue item in evaluator.Iterate(arguments[0]))
            total = Operators.Apply("+", total, path.Get(item), evaluator);
        return total;
    }

    private static IEnumerable<TemplateValue> Unique(Evaluator evaluator, BoundArguments arguments)
    {
        AttributePath key = new(arguments.Optional(2), evaluator) { IgnoresCase = !arguments.Flag(1) };
        HashSet<TemplateValue> seen = [];
        foreach (TemplateValue item in evaluator.Iterate(arguments[0]))
        {
            TemplateValue itsKey = key.Get(item);
            itsKey.EnsureHashable();
            if (seen.Add(itsKey))
                yield return item;
        }
    }
}
