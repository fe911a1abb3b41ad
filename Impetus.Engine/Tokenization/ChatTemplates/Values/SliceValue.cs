using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>The <c>start:stop:step</c> of a subscript; each may be none.</summary>
internal sealed class SliceValue(TemplateValue start, TemplateValue stop, TemplateValue step) : TemplateValue
{
    internal override string TypeName => "slice";

    /// <summary>Python's rule: negative bounds count from the end, all are clipped to the sequence.</summary>
    public SliceRange Resolve(int length)
    {
        BigInteger by = Bound(step) ?? 1;
        if (by.IsZero)
            throw Errors.Value("slice step cannot be zero");

        bool backwards = by.Sign < 0;
        int lowest = backwards ? -1 : 0, highest = backwards ? length - 1 : length;
        int from = Clip(Bound(start), backwards ? highest : lowest);
        int to = Clip(Bound(stop), backwards ? lowest : highest);
        int stride = (int)BigInteger.Max(BigInteger.Min(by, int.MaxValue / 2), -int.MaxValue / 2);
        long count = backwards ? ((long)from - to - stride - 1) / -stride : ((long)to - from + stride - 1) / stride;
        return new SliceRange(from, stride, (int)Math.Max(count, 0));

        int Clip(BigInteger? bound, int absent)
        {
            if (bound is not { } value)
                return absent;
            if (value.Sign < 0)
                value += length;
            return (int)BigInteger.Max(BigInteger.Min(value, highest), lowest);
        }
    }

    internal override void AppendRepr(TextBuilder into)
    {
        into.Append("slice(");
        start.AppendRepr(into);
        into.Append(", ");
        stop.AppendRepr(into);
        into.Append(", ");
        step.AppendRepr(into);
        into.Append(')');
    }

    internal override void EnsureHashable() => throw Errors.Type("unhashable type: 'slice'");

    private static BigInteger? Bound(TemplateValue value) => value switch
    {
        NoneValue => null,
        NumberValue { Integer: { } integer } => integer,
        _ => throw Errors.Type("slice indices must be integers or None or have an __index__ method"),
    };
}
