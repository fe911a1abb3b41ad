using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The functions that every template knows; a variable of the same name hides one.</summary>
internal static class Globals
{
    private const int MaxRange = 100_000;

    private static readonly Dictionary<string, TemplateValue> ByName = new(StringComparer.Ordinal)
    {
        ["range"] = new FunctionValue(new("range(*args, /)", static (_, a) => Range(a.Rest))),
        ["dict"] = new FunctionValue(
            new("dict(*args, **kwargs)", static (e, a) => Dict(e, a, "keys in a dict", "key")),
            isType: true,
            new Dictionary<string, Builtin>(StringComparer.Ordinal)
            {
                ["fromkeys"] = new("fromkeys(keys, value?, /)", static (e, a) => DictMethods.FromKeys(e, a[0], a.Optional(1))),
            }),
        ["namespace"] = new FunctionValue(
            new("namespace(*args, **kwargs)", static (e, a) => new NamespaceValue(Dict(e, a, "attributes on a namespace", "attribute").Entries)),
            isType: true),
        ["cycler"] = new FunctionValue(
            new("cycler(*items)", static (_, a) => a.Rest.Count > 0
                ? new CyclerValue(a.Rest)
                : throw Errors.Runtime("at least one item has to be provided")),
            isType: true),
        ["joiner"] = new FunctionValue(new("joiner(sep?)", static (_, a) => new JoinerValue(a.Optional(0) ?? new StringValue(", "))), isType: true),
        ["lipsum"] = new FunctionValue(new("generate_lorem_ipsum(n?, html?, min?, max?)", static (e, a) => LoremIpsum.Generate(e, a))),
        ["raise_exception"] = new FunctionValue(new("raise_exception(message)", static (e, a) =>
            throw new TemplateException(TemplateErrorKind.Raised, a[0].ToText(e.Budget)))),
        ["strftime_now"] = new FunctionValue(new("strftime_now(format)", static (e, a) => StrFTimeNow(e, a))),
    };

    /// <summary>A function, or null.</summary>
    public static TemplateValue? Find(string name) => ByName.GetValueOrDefault(name);

    private static StringValue StrFTimeNow(Evaluator evaluator, BoundArguments arguments)
    {
        string format = arguments.Text(0);
        evaluator.Budget.ChargeText(format.Length * 8L);
        return new StringValue(StrFTime.Format(evaluator.Now, format));
    }

    private static RangeValue Range(IReadOnlyList<TemplateValue> arguments)
    {
        if (arguments.Count == 0)
            throw Errors.Type("range expected at least 1 argument, got 0");
        if (arguments.Count > 3)
            throw Errors.Type($"range expected at most 3 arguments, got {arguments.Count}");

        BigInteger[] bounds = [.. arguments.Select(Integer)];
        BigInteger start = bounds.Length > 1 ? bounds[0] : 0;
        BigInteger stop = bounds.Length > 1 ? bounds[1] : bounds[0];
        BigInteger step = bounds.Length > 2 ? bounds[2] : 1;
        if (step.IsZero)
            throw Errors.Value("range() arg 3 must not be zero");

        BigInteger distance = step.Sign > 0 ? stop - start : start - stop;
        BigInteger count = distance.Sign <= 0 ? 0 : (distance - 1) / BigInteger.Abs(step) + 1;
        return count <= MaxRange
            ? new RangeValue(start, stop, step, (int)count)
            : throw Errors.Arithmetic($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxRange}).");
    }

    private static BigInteger Integer(TemplateValue value) => value is NumberValue { Integer: { } integer }
        ? integer
        : throw Errors.Type($"'{value.TypeName}' object cannot be interpreted as an integer");

    private static DictValue Dict(Evaluator evaluator, BoundArguments arguments, string where, string what)
    {
        if (arguments.Rest.Count > 1)
            throw Errors.Type($"dict expected at most 1 argument, got {arguments.Rest.Count}");

        OrderedDictionary<TemplateValue, TemplateValue> entries = [];
        if (arguments.Rest.Count == 1)
            Add(evaluator, arguments.Rest[0], entries);
        foreach (NamedArgument argument in arguments.Named)
            entries[new StringValue(argument.Name)] = argument.Value;
        RestrictedNames.Ensure(entries.Keys, where, what);
        return new DictValue(entries);
    }

    private static void Add(Evaluator evaluator, TemplateValue source, OrderedDictionary<TemplateValue, TemplateValue> entries)
    {
        if (source is DictValue dict)
        {
            evaluator.Budget.Charge(dict.Entries.Count);
            foreach ((TemplateValue key, TemplateValue value) in dict.Entries)
                entries[key] = value;
            return;
        }

        int index = 0;
        foreach (TemplateValue element in evaluator.Iterate(source))
        {
            List<TemplateValue> pair = element.Elements() is null
                ? throw Errors.Type($"cannot convert dictionary update sequence element #{index} to a sequence")
                : evaluator.ToList(element);
            if (pair.Count != 2)
                throw Errors.Value($"dictionary update sequence element #{index} has length {pair.Count}; 2 is required");
            pair[0].EnsureHashable();
            entries[pair[0]] = pair[1];
            index++;
        }
    }
}
