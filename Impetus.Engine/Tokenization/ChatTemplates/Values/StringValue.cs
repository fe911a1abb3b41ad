using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A text; marked as markup it is HTML already and is not escaped again (<c>markupsafe.Markup</c>).</summary>
internal sealed class StringValue(string text, bool isMarkup = false) : TemplateValue
{
    private int _length = -1;

    public static StringValue Empty { get; } = new("");

    public string Text => text;

    public bool IsMarkup => isMarkup;

    internal override string TypeName => isMarkup ? "Markup" : "str";

    internal override string ObjectName => isMarkup ? "markupsafe.Markup object" : "str object";

    internal override bool IsTrue => text.Length > 0;

    internal override bool IsIndexable => true;

    /// <summary>The number of code points.</summary>
    private int CodePoints => _length >= 0 ? _length : _length = PythonText.Length(text);

    public override bool Equals(TemplateValue? other)
    {
        if (other is not StringValue { Text: { } theirs } || theirs.Length != text.Length)
            return false;

        Budget.ChargeCurrent(text.Length >> 6);
        return text == theirs;
    }

    public override int GetHashCode()
    {
        Budget.ChargeCurrent(text.Length >> 6);
        return text.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>A text of the same kind.</summary>
    internal StringValue With(string other) => new(other, isMarkup);

    internal override string ToText(Budget budget) => text;

    internal override void AppendRepr(TextBuilder into)
    {
        if (isMarkup)
            into.Append("Markup(");
        PythonRepr.Append(text, into);
        if (isMarkup)
            into.Append(')');
    }

    internal override int? Length(Budget budget)
    {
        budget.ChargeScan(_length < 0 ? text.Length : 0);
        return CodePoints;
    }

    internal override IEnumerable<TemplateValue> Elements()
    {
        foreach (string character in PythonText.Characters(text))
            yield return new StringValue(character);
    }

    internal override IEnumerable<TemplateValue> ReversedElements()
    {
        for (int end = text.Length; end > 0;)
        {
            int units = end >= 2 && PythonText.UnitsAt(text, end - 2) == 2 ? 2 : 1;
            yield return With(text.Substring(end - units, units));
            end -= units;
        }
    }

    internal override TemplateValue? Attribute(string name) => StringMethods.Find(this, name);

    internal override TemplateValue? Item(TemplateValue key, Budget budget)
    {
        if (Indices.Resolve(key, Length(budget)!.Value) is not { } index)
            return null;
        if (CodePoints == text.Length)
            return With(text[index].ToString());

        budget.ChargeScan(text.Length);
        int offset = PythonText.OffsetOf(text, index);
        return With(text.Substring(offset, PythonText.UnitsAt(text, offset)));
    }

    internal override TemplateValue Slice(SliceValue slice, Budget budget)
    {
        SliceRange range = slice.Resolve(Length(budget)!.Value);
        budget.ChargeText(range.Count);
        if (CodePoints == text.Length)
            return With(range.Step == 1 ? text.Substring(range.Start, range.Count) : Pick(range));

        budget.ChargeScan(text.Length * 4L);
        int[] points = PythonText.CodePoints(text);
        return With(PythonText.FromCodePoints(range.Indices().Select(i => points[i])));
    }

    internal override bool Contains(TemplateValue element, Evaluator evaluator)
    {
        if (element is not StringValue part)
            throw Errors.Type($"'in <string>' requires string as left operand, not {element.TypeName}");

        evaluator.Budget.ChargeScan(text.Length);
        return TextSearch.IndexOf(text, part.Text) >= 0;
    }

    private string Pick(SliceRange range) => string.Create(range.Count, (text, range), static (span, state) =>
    {
        for (int i = 0, at = state.range.Start; i < span.Length; i++, at += state.range.Step)
            span[i] = state.text[at];
    });
}
