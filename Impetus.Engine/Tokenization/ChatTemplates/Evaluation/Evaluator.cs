using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>One rendering of a template: it walks the tree. Statements, expressions and calls stand in files of their own.</summary>
internal sealed partial class Evaluator
{
    private readonly IReadOnlyDictionary<string, Block> _blocks;
    private TextBuilder _output;

    /// <summary>The line of the statement that runs, which an error is reported at.</summary>
    private int _line = 1;

    private Evaluator(IReadOnlyDictionary<string, Block> blocks, TemplateLimits limits, DateTime now)
    {
        _blocks = blocks;
        Budget = new Budget(limits);
        Now = now;
        _output = new TextBuilder(Budget);
    }

    public Budget Budget { get; }

    /// <summary>What <c>strftime_now</c> sees.</summary>
    public DateTime Now { get; }

    /// <summary>Whether the template has switched automatic escaping on.</summary>
    public bool AutoEscapes { get; private set; }

    /// <summary>Renders a template whose names are resolved.</summary>
    /// <exception cref="TemplateException">Whatever goes wrong, with its line.</exception>
    public static string Render(
        TemplateRoot root, IReadOnlyDictionary<string, Block> blocks, Func<string, TemplateValue?> variables, TemplateLimits limits, DateTime now)
    {
        Evaluator evaluator = new(blocks, limits, now);
        Budget? outer = Budget.Current;
        Budget.Current = evaluator.Budget;
        try
        {
            Frame frame = new(root.Procedure, null, new Context(variables));
            if (root.Procedure.SelfSlot is { } slot)
                frame.Set(slot, new TemplateReference(evaluator, frame.Context));
            evaluator.Execute(root.Body, frame);
            return evaluator._output.ToString();
        }
        catch (TemplateException error)
        {
            throw error.At(evaluator._line);
        }
        finally
        {
            Budget.Current = outer;
        }
    }

    /// <summary>The elements of a value, each of which costs a step.</summary>
    /// <exception cref="TemplateException">The value is not iterable.</exception>
    public IEnumerable<TemplateValue> Iterate(TemplateValue value)
    {
        IEnumerable<TemplateValue> elements = value.Elements() ?? throw Errors.Type($"'{value.TypeName}' object is not iterable");
        return Charged(elements);

        IEnumerable<TemplateValue> Charged(IEnumerable<TemplateValue> source)
        {
            foreach (TemplateValue element in source)
            {
                Budget.Step();
                yield return element;
            }
        }
    }

    /// <summary>A list of a value's elements.</summary>
    public List<TemplateValue> ToList(TemplateValue value) => [.. Iterate(value)];

    /// <summary>What <c>str()</c> gives, but a text stays what it is, markup included.</summary>
    public StringValue ToText(TemplateValue value) => value as StringValue ?? new StringValue(value.ToText(Budget));

    /// <summary>Text escaped for HTML, unless it is markup.</summary>
    public StringValue Escape(TemplateValue value)
    {
        if (value is StringValue { IsMarkup: true } markup)
            return markup;

        string text = value.ToText(Budget);
        Budget.ChargeText(text.Length);
        return new StringValue(Html.Escape(text), isMarkup: true);
    }

    /// <summary>Runs something with another output and returns what it wrote.</summary>
    private string Capture(Action run)
    {
        TextBuilder outer = _output;
        _output = new TextBuilder(Budget);
        run();
        string text = _output.ToString();
        _output = outer;
        return text;
    }
}
