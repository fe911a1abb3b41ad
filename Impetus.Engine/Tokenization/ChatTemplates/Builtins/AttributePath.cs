using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The parameter <c>attribute</c> of many filters: a name, an index, or several of them with points between.</summary>
internal sealed record AttributePath
{
    private readonly Evaluator _evaluator;
    private readonly IReadOnlyList<TemplateValue> _parts;
    private readonly TemplateValue? _fallback;

    /// <param name="attribute">The parameter; null or none means the value itself.</param>
    /// <param name="evaluator">The rendering.</param>
    /// <param name="fallback">What stands for a part that is undefined; null leaves it so.</param>
    public AttributePath(TemplateValue? attribute, Evaluator evaluator, TemplateValue? fallback = null)
    {
        _evaluator = evaluator;
        _fallback = fallback;
        _parts = attribute switch
        {
            null or NoneValue => [],
            StringValue text => [.. text.Text.Split('.').Select(Part)],
            _ => [attribute],
        };
    }

    /// <summary>Whether texts are compared in lower case.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>Several paths with commas between.</summary>
    public static IEnumerable<AttributePath> Several(TemplateValue? attribute, Evaluator evaluator, bool ignoresCase) =>
        attribute is StringValue text
            ? text.Text.Split(',').Select(part => new AttributePath(new StringValue(part), evaluator) { IgnoresCase = ignoresCase })
            : [new AttributePath(attribute, evaluator) { IgnoresCase = ignoresCase }];

    /// <summary>What the path leads to.</summary>
    public TemplateValue Get(TemplateValue value)
    {
        foreach (TemplateValue part in _parts)
        {
            value = Attributes.Item(value, part, _evaluator.Budget);
            if (_fallback is not null && value is UndefinedValue)
                value = _fallback;
        }

        if (!IgnoresCase || value is not StringValue text)
            return value;

        _evaluator.Budget.ChargeText(text.Text.Length);
        return text.With(UnicodeCase.Lower(text.Text));
    }

    private static TemplateValue Part(string text) =>
        text.Length > 0 && PythonText.Characters(text).All(UnicodeCase.IsDigit) && PythonInteger.TryParse(text, 10, out BigInteger index)
            ? new IntegerValue(index)
            : new StringValue(text);
}
