using Impetus.Engine.Tokenization.ChatTemplates.Scoping;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Expressions.</summary>
internal sealed partial class Evaluator
{
    private TemplateValue Evaluate(Expression expression, Frame frame)
    {
        Budget.Step();
        switch (expression)
        {
            case Literal literal:
                return literal.Value;
            case Name name:
                return frame[name.Variable] ?? UndefinedValue.ForName(name.Text);
        }

        StackGuard.Ensure();
        return expression switch
        {
            AttributeAccess access => Attributes.Get(Evaluate(access.Owner, frame), access.Name, Budget),
            ItemAccess { Key: SliceExpression slice } access => EvaluateSliced(access, slice, frame),
            ItemAccess access => Attributes.Item(Evaluate(access.Owner, frame), Evaluate(access.Key, frame), Budget),
            Call call => EvaluateCall(call, frame, caller: null),
            FilterExpression filter => EvaluateFilter(filter, frame),
            TestExpression test => EvaluateTest(test, frame),
            Comparison comparison => EvaluateComparison(comparison, frame),
            Logical logical => EvaluateLogical(logical, frame),
            Negation negation => BoolValue.Of(!Evaluate(negation.Operand, frame).IsTrue),
            Arithmetic arithmetic => Operators.Apply(
                arithmetic.Symbol, Evaluate(arithmetic.Left, frame), Evaluate(arithmetic.Right, frame), this),
            Concatenation concatenation => EvaluateConcatenation(concatenation, frame),
            Conditional conditional => EvaluateConditional(conditional, frame),
            Sign sign => Operators.Signed(Evaluate(sign.Operand, frame), sign.IsMinus),
            ListExpression list => new ListValue(EvaluateAll(list.Items, frame)),
            TupleExpression tuple => new TupleValue(EvaluateAll(tuple.Items, frame)),
            DictExpression dict => EvaluateDict(dict, frame),
            SliceExpression slice => EvaluateSlice(slice, frame),
            TemplateText text => new StringValue(text.Text),
            _ => throw new InvalidOperationException($"No rule for {expression.GetType().Name}."),
        };
    }

    private TemplateValue[] EvaluateAll(IReadOnlyList<Expression> expressions, Frame frame)
    {
        TemplateValue[] values = new TemplateValue[expressions.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Evaluate(expressions[i], frame);
        return values;
    }

    private DictValue EvaluateDict(DictExpression dict, Frame frame)
    {
        OrderedDictionary<TemplateValue, TemplateValue> entries = [];
        foreach ((Expression key, Expression value) in dict.Pairs)
        {
            TemplateValue evaluated = Evaluate(key, frame);
            TemplateValue content = Evaluate(value, frame);
            evaluated.EnsureHashable();
            entries[evaluated] = content;
        }

        return new DictValue(entries);
    }

    private SliceValue EvaluateSlice(SliceExpression slice, Frame frame)
    {
        return new SliceValue(Part(slice.Start), Part(slice.Stop), Part(slice.Step));

        TemplateValue Part(Expression? part) => part is null ? NoneValue.Instance : Evaluate(part, frame);
    }

    private TemplateValue EvaluateSliced(ItemAccess access, SliceExpression slice, Frame frame)
    {
        TemplateValue owner = Evaluate(access.Owner, frame);
        SliceValue bounds = EvaluateSlice(slice, frame);
        try
        {
            return owner.Slice(bounds, Budget);
        }
        catch (TemplateException error) when (access.IsLenient && error.Kind is TemplateErrorKind.Type or TemplateErrorKind.Lookup)
        {
            return UndefinedValue.ForElement(owner, bounds, Budget);
        }
    }

    private TemplateValue EvaluateLogical(Logical logical, Frame frame)
    {
        TemplateValue left = Evaluate(logical.Left, frame);
        return left.IsTrue == logical.IsAnd ? Evaluate(logical.Right, frame) : left;
    }

    private TemplateValue EvaluateConditional(Conditional conditional, Frame frame)
    {
        if (Evaluate(conditional.Test, frame).IsTrue)
            return Evaluate(conditional.Then, frame);
        if (conditional.Otherwise is not null)
            return Evaluate(conditional.Otherwise, frame);

        return new UndefinedValue($"the inline if-expression on line {conditional.Line} evaluated to false and no else section was defined.");
    }

    private BoolValue EvaluateComparison(Comparison comparison, Frame frame)
    {
        TemplateValue left = Evaluate(comparison.First, frame);
        foreach ((string symbol, Expression operand) in comparison.Rest)
        {
            TemplateValue right = Evaluate(operand, frame);
            if (!Operators.Compare(symbol, left, right, this))
                return BoolValue.False;
            left = right;
        }

        return BoolValue.True;
    }

    private StringValue EvaluateConcatenation(Concatenation concatenation, Frame frame)
    {
        TemplateValue[] parts = EvaluateAll(concatenation.Parts, frame);
        bool isMarkup = concatenation.Escape == EscapeMode.On && parts.Any(static part => part is StringValue { IsMarkup: true });
        TextBuilder text = new(Budget);
        foreach (TemplateValue part in parts)
            text.Append(isMarkup ? Escape(part).Text : part.ToText(Budget));
        return new StringValue(text.ToString(), isMarkup);
    }
}
