using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>What <c>str.encode()</c> gives.</summary>
internal sealed class BytesValue(byte[] bytes) : TemplateValue
{
    public byte[] Bytes => bytes;

    internal override string TypeName => "bytes";

    internal override bool IsTrue => bytes.Length > 0;

    internal override bool IsIndexable => true;

    public override bool Equals(TemplateValue? other) => other is BytesValue value && bytes.AsSpan().SequenceEqual(value.Bytes);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    internal override int? Length(Budget budget) => bytes.Length;

    internal override IEnumerable<TemplateValue> Elements() => bytes.Select(static b => new IntegerValue(b));

    internal override IEnumerable<TemplateValue> ReversedElements() => bytes.Reverse().Select(static b => new IntegerValue(b));

    internal override TemplateValue? Item(TemplateValue key, Budget budget) =>
        Indices.Resolve(key, bytes.Length) is { } index ? new IntegerValue(bytes[index]) : null;

    internal override TemplateValue Slice(SliceValue slice, Budget budget)
    {
        SliceRange range = slice.Resolve(bytes.Length);
        budget.ChargeText(range.Count);
        return new BytesValue([.. range.Indices().Select(i => bytes[i])]);
    }

    internal override TemplateValue? Attribute(string name) => BytesMethods.Find(this, name);

    internal override void AppendRepr(TextBuilder into) => PythonRepr.Append(bytes, into);
}
