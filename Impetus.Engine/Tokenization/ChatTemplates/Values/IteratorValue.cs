using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>Elements that are computed when they are asked for and can be asked for only once, as those of a Python generator.</summary>
/// <param name="typeName">generator, reversed, list_reverseiterator …</param>
/// <param name="source">The elements; enumerated once.</param>
internal sealed class IteratorValue(string typeName, IEnumerable<TemplateValue> source) : TemplateValue
{
    private IEnumerator<TemplateValue>? _rest;

    internal override string TypeName => typeName;

    internal override IEnumerable<TemplateValue> Elements()
    {
        _rest ??= source.GetEnumerator();
        while (_rest.MoveNext())
            yield return _rest.Current;
    }

    internal override void AppendRepr(TextBuilder into) => into.Append($"<{typeName} object>");
}
