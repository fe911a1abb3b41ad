using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>What <c>range()</c> gives; the sandbox keeps it to 100,000 elements.</summary>
internal sealed class RangeValue(BigInteger start, BigInteger stop, BigInteger step, int count) : TemplateValue
{
    public BigInteger Start => start;

    public BigInteger Stop => stop;

    public BigInteger Step => step;

    public int Count => count;

    internal override string TypeName => "range";

    internal override bool IsTrue => count > 0;

    internal override bool IsIndexable => true;

    public override bool Equals(TemplateValue? other) =>
        other is RangeValue range && range.Count == count && (count == 0 || (range.Start == start && (count == 1 || range.Step == step)));

    public override int GetHashCode() => HashCode.Combine(count, count == 0 ? 0 : start);

    internal override int? Length(Budget budget) => count;

    internal override IEnumerable<TemplateValue> Elements()
    {
        for (int i = 0; i < count; i++)
            yield return At(i);
    }

    internal override IEnumerable<TemplateValue> ReversedElements()
    {
        for (int i = count - 1; i >= 0; i--)
            yield return At(i);
    }

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "start" => new IntegerValue(start),
        "stop" => new IntegerValue(stop),
        "step" => new IntegerValue(step),
        _ => SequenceMethods.Find(this, name),
    };

    internal override TemplateValue? Item(TemplateValue key, Budget budget) => Indices.Resolve(key, count) is { } index ? At(index) : null;

    internal override TemplateValue Slice(SliceValue slice, Budget budget)
    {
        SliceRange range = slice.Resolve(count);
        BigInteger from = start + step * range.Start, by = step * range.Step;
        return new RangeValue(from, from + by * range.Count, by, range.Count);
    }

    internal override void AppendRepr(TextBuilder into)
    {
        into.Append($"range({start}, {stop}");
        into.Append(step.IsOne ? ")" : $", {step})");
    }

    private IntegerValue At(int index) => new(start + step * index);
}
