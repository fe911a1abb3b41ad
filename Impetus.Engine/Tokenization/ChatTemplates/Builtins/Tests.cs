using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The tests by name: what may follow <c>is</c>.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, Builtin> ByName = new(StringComparer.Ordinal)
    {
        ["odd"] = new("test_odd(value)", static (e, a) => IsModulo(e, a[0], TemplateValue.From(2), 1)),
        ["even"] = new("test_even(value)", static (e, a) => IsModulo(e, a[0], TemplateValue.From(2), 0)),
        ["divisibleby"] = new("test_divisibleby(value, num)", static (e, a) => IsModulo(e, a[0], a[1], 0)),
        ["defined"] = Plain("test_defined", static value => value is not UndefinedValue),
        ["undefined"] = Plain("test_undefined", static value => value is UndefinedValue),
        ["filter"] = new("test_filter(value)", static (_, a) => IsName(a[0], Filters.Contains)),
        ["test"] = new("test_test(value)", static (_, a) => IsName(a[0], Contains)),
        ["none"] = Plain("test_none", static value => value is NoneValue),
        ["boolean"] = Plain("test_boolean", static value => value is BoolValue),
        ["false"] = Plain("test_false", static value => value is BoolValue { Value: false }),
        ["true"] = Plain("test_true", static value => value is BoolValue { Value: true }),
        ["integer"] = Plain("test_integer", static value => value is IntegerValue),
        ["float"] = Plain("test_float", static value => value is FloatValue),
        ["lower"] = new("test_lower(value)", static (e, a) => HasCase(e, a[0], CaseTests.IsLower)),
        ["upper"] = new("test_upper(value)", static (e, a) => HasCase(e, a[0], CaseTests.IsUpper)),
        ["string"] = Plain("test_string", static value => value is StringValue),
        ["mapping"] = Plain("test_mapping", static value => value is DictValue),
        ["number"] = Plain("test_number", static value => value is NumberValue),
        ["sequence"] = new("test_sequence(value)", static (e, a) => BoolValue.Of(a[0].IsIndexable && a[0].Length(e.Budget) is not null)),
        ["iterable"] = Plain("test_iterable", static value => value.Elements() is not null),
        ["callable"] = Plain("callable", static value => value.IsCallable),
        ["sameas"] = new("test_sameas(value, other)", static (_, a) => BoolValue.Of(AreIdentical(a[0], a[1]))),
        ["escaped"] = Plain("test_escaped", static value => value is StringValue { IsMarkup: true }),
        ["in"] = new("test_in(value, seq)", static (e, a) => BoolValue.Of(a[1].Contains(a[0], e))),
        ["=="] = Comparison("=="),
        ["eq"] = Comparison("=="),
        ["equalto"] = Comparison("=="),
        ["!="] = Comparison("!="),
        ["ne"] = Comparison("!="),
        [">"] = Comparison(">"),
        ["gt"] = Comparison(">"),
        ["greaterthan"] = Comparison(">"),
        ["ge"] = Comparison(">="),
        [">="] = Comparison(">="),
        ["<"] = Comparison("<"),
        ["lt"] = Comparison("<"),
        ["lessthan"] = Comparison("<"),
        ["<="] = Comparison("<="),
        ["le"] = Comparison("<="),
    };

    public static bool Contains(string name) => ByName.ContainsKey(name);

    /// <summary>A test, or null.</summary>
    public static Builtin? Find(string name) => ByName.GetValueOrDefault(name);

    private static Builtin Plain(string name, Func<TemplateValue, bool> test) => new(name + "(value)", (_, a) => BoolValue.Of(test(a[0])));

    private static Builtin Comparison(string symbol) => new("compare(a, b, /)", (e, a) => BoolValue.Of(Operators.Compare(symbol, a[0], a[1], e)));

    private static BoolValue IsModulo(Evaluator evaluator, TemplateValue value, TemplateValue divisor, int remainder) =>
        BoolValue.Of(Operators.Apply("%", value, divisor, evaluator).Equals(TemplateValue.From(remainder)));

    private static BoolValue HasCase(Evaluator evaluator, TemplateValue value, Func<string, bool> test)
    {
        string text = value.ToText(evaluator.Budget);
        evaluator.Budget.ChargeCharacters(text.Length);
        return BoolValue.Of(test(text));
    }

    private static BoolValue IsName(TemplateValue value, Func<string, bool> contains)
    {
        value.EnsureHashable();
        return BoolValue.Of(value is StringValue name && contains(name.Text));
    }

    /// <summary>Python keeps one object for each small integer and each text of one Latin-1 character.</summary>
    private static bool AreIdentical(TemplateValue left, TemplateValue right) =>
        ReferenceEquals(left, right) || (left, right) switch
        {
            (IntegerValue a, IntegerValue b) => a.Value == b.Value && a.Value >= -5 && a.Value <= 256,
            (StringValue { IsMarkup: false } a, StringValue { IsMarkup: false } b) =>
                a.Text == b.Text && (a.Text.Length == 0 || (a.Text.Length == 1 && a.Text[0] <= 0xFF)),
            (TupleValue { Items.Count: 0 }, TupleValue { Items.Count: 0 }) => true,
            _ => false,
        };
}
