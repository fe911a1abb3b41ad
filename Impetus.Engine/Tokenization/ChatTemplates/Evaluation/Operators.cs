using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Python's operators.</summary>
internal static class Operators
{
    /// <summary>An arithmetic operator between two values.</summary>
    public static TemplateValue Apply(string symbol, TemplateValue left, TemplateValue right, Evaluator evaluator)
    {
        if (symbol == "%" && left is StringValue format)
            return PercentFormat.Apply(format, right, evaluator);
        if ((left as UndefinedValue ?? right as UndefinedValue) is { } undefined)
            throw undefined.Error();
        if (left is NumberValue a && right is NumberValue b)
            return Numbers.Apply(symbol, a, b, evaluator.Budget);

        return symbol switch
        {
            "+" => Add(left, right, evaluator),
            "*" when right is NumberValue { Integer: { } times } && IsRepeatable(left) => Repeat(left, times, evaluator.Budget),
            "*" when left is NumberValue { Integer: { } times } && IsRepeatable(right) => Repeat(right, times, evaluator.Budget),
            "*" when left is StringValue or SequenceValue => throw Errors.Type($"can't multiply sequence by non-int of type '{right.TypeName}'"),
            "*" when right is StringValue or SequenceValue => throw Errors.Type($"can't multiply sequence by non-int of type '{left.TypeName}'"),
            "**" => throw Unsupported("** or pow()", left, right),
            _ => throw Unsupported(symbol, left, right),
        };
    }

    /// <summary><c>-value</c> or <c>+value</c>.</summary>
    public static TemplateValue Signed(TemplateValue value, bool isMinus) => value switch
    {
        NumberValue { Integer: { } integer } => new IntegerValue(isMinus ? -integer : integer),
        FloatValue number => isMinus ? new FloatValue(-number.Value) : number,
        UndefinedValue undefined => throw undefined.Error(),
        _ => throw Errors.Type($"bad operand type for unary {(isMinus ? "-" : "+")}: '{value.TypeName}'"),
    };

    /// <summary>A comparison operator, <c>in</c> and <c>not in</c> among them.</summary>
    public static bool Compare(string symbol, TemplateValue left, TemplateValue right, Evaluator evaluator) => symbol switch
    {
        "==" => left.Equals(right),
        "!=" => !left.Equals(right),
        "in" => right.Contains(left, evaluator),
        "not in" => !right.Contains(left, evaluator),
        _ => Order(symbol, left, right, evaluator.Budget),
    };

    /// <summary>Whether two values are one object or equal, which is what containers ask.</summary>
    public static bool AreSame(TemplateValue left, TemplateValue right) => ReferenceEquals(left, right) || left.Equals(right);

    /// <summary>One of <c>&lt; &lt;= &gt; &gt;=</c>.</summary>
    public static bool Order(string symbol, TemplateValue left, TemplateValue right, Budget budget)
    {
        StackGuard.Ensure();
        switch (left, right)
        {
            case (NumberValue a, NumberValue b):
                return NumberValue.Compare(a, b) is { } order && Holds(symbol, order);
            case (StringValue a, StringValue b):
                budget.ChargeScan(Math.Min(a.Text.Length, b.Text.Length));
                return Holds(symbol, CompareText(a.Text, b.Text));
            case (BytesValue a, BytesValue b):
                return Holds(symbol, a.Bytes.AsSpan().SequenceCompareTo(b.Bytes));
            case (ListValue a, ListValue b):
                return OrderSequences(symbol, a, b, budget);
            case (TupleValue a, TupleValue b):
                return OrderSequences(symbol, a, b, budget);
            case (UndefinedValue undefined, _):
                throw undefined.Error();
            case (_, UndefinedValue undefined):
                throw undefined.Error();
            default:
                throw Errors.Type($"'{symbol}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
        }
    }

    private static bool OrderSequences(string symbol, SequenceValue left, SequenceValue right, Budget budget)
    {
        int common = Math.Min(left.Items.Count, right.Items.Count);
        budget.Charge(common);
        for (int i = 0; i < common; i++)
            if (!AreSame(left.Items[i], right.Items[i]))
                return Order(symbol, left.Items[i], right.Items[i], budget);
        return Holds(symbol, left.Items.Count.CompareTo(right.Items.Count));
    }

    private static bool Holds(string symbol, int order) => symbol switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };

    /// <summary>The order by code points, in which what is beyond the basic plane comes last.</summary>
    private static int CompareText(string left, string right)
    {
        int at = left.AsSpan().CommonPrefixLength(right);
        if (at == left.Length || at == right.Length)
            return left.Length.CompareTo(right.Length);

        return Rank(left[at]).CompareTo(Rank(right[at]));

        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    private static TemplateValue Add(TemplateValue left, TemplateValue right, Evaluator evaluator)
    {
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                bool isMarkup = a.IsMarkup || b.IsMarkup;
                (a, b) = isMarkup ? (evaluator.Escape(a), evaluator.Escape(b)) : (a, b);
                evaluator.Budget.ChargeText((long)a.Text.Length + b.Text.Length);
                return new StringValue(a.Text + b.Text, isMarkup);
            case (ListValue a, ListValue b):
                evaluator.Budget.Charge((long)a.Items.Count + b.Items.Count);
                return new ListValue([.. a.Items, .. b.Items]);
            case (TupleValue a, TupleValue b):
                evaluator.Budget.Charge((long)a.Items.Count + b.Items.Count);
                return new TupleValue([.. a.Items, .. b.Items]);
            case (BytesValue a, BytesValue b):
                evaluator.Budget.ChargeText((long)a.Bytes.Length + b.Bytes.Length);
                return new BytesValue([.. a.Bytes, .. b.Bytes]);
            case (StringValue or SequenceValue, _):
                string type = left is StringValue ? "str" : left.TypeName;
                throw Errors.Type($"can only concatenate {type} (not \"{right.TypeName}\") to {type}");
            default:
                throw Unsupported("+", left, right);
        }
    }

    private static bool IsRepeatable(TemplateValue value) => value is StringValue or SequenceValue or BytesValue;

    private static TemplateValue Repeat(TemplateValue value, BigInteger times, Budget budget)
    {
        int length = value switch
        {
            StringValue text => text.Text.Length,
            BytesValue bytes => bytes.Bytes.Length,
            _ => ((SequenceValue)value).Items.Count,
        };
        if (BigInteger.Abs(times) > long.MaxValue)
            throw Errors.Arithmetic("cannot fit 'int' into an index-sized integer");

        BigInteger total = BigInteger.Max(times, 0) * length;
        if (value is SequenceValue)
            budget.ChargeItems(total);
        else
            budget.ChargeText(total > long.MaxValue ? long.MaxValue : (long)total);
        int count = total.IsZero ? 0 : (int)times;
        return value switch
        {
            StringValue text => text.With(string.Concat(Enumerable.Repeat(text.Text, count))),
            BytesValue bytes => new BytesValue([.. Enumerable.Repeat(bytes.Bytes, count).SelectMany(static b => b)]),
            SequenceValue sequence => sequence.With([.. Enumerable.Repeat(sequence.Items, count).SelectMany(static items => items)]),
            _ => value,
        };
    }

    private static TemplateException Unsupported(string symbol, TemplateValue left, TemplateValue right) =>
        Errors.Type($"unsupported operand type(s) for {symbol}: '{left.TypeName}' and '{right.TypeName}'");
}
