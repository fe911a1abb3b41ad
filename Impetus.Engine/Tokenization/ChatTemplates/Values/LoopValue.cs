using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>The variable <c>loop</c> of a running loop.</summary>
/// <param name="source">What it iterates over.</param>
/// <param name="evaluator">The rendering.</param>
/// <param name="recursion">Runs the loop again over something else; null if it is not recursive.</param>
/// <param name="depth">How many levels of it were running already.</param>
internal sealed class LoopValue(TemplateValue source, Evaluator evaluator, Func<TemplateValue, StringValue>? recursion, int depth) : TemplateValue
{
    private IEnumerator<TemplateValue> _rest = evaluator.Iterate(source).GetEnumerator();
    private int _index = -1;
    private int? _length;
    private TemplateValue? _previous;
    private TemplateValue? _current;
    private TemplateValue? _next;
    private IReadOnlyList<TemplateValue>? _changed;

    internal override string TypeName => "LoopContext";

    internal override string ObjectName => "jinja2.runtime.LoopContext object";

    internal override bool IsCallable => true;

    internal override bool IsTrue => Count > 0;

    /// <summary>How many elements there are; those of a generator are all computed for it.</summary>
    private int Count => _length ??= source.Length(evaluator.Budget) ?? CountRest();

    internal override int? Length(Budget budget) => Count;

    /// <summary>Goes through the elements.</summary>
    public IEnumerable<TemplateValue> Run()
    {
        while (true)
        {
            TemplateValue? element = PeekNext();
            if (element is null)
                yield break;

            _next = null;
            _index++;
            _previous = _current;
            _current = element;
            yield return element;
        }
    }

    internal override IEnumerable<TemplateValue> Elements() => Run().Select(element => new TupleValue([element, this]));

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "index" => From(_index + 1),
        "index0" => From(_index),
        "revindex" => From(Count - _index),
        "revindex0" => From(Count - _index - 1),
        "first" => From(_index == 0),
        "last" => From(PeekNext() is null),
        "length" => From(Count),
        "depth" => From(depth + 1),
        "depth0" => From(depth),
        "previtem" => _index == 0 || _previous is null ? new UndefinedValue("there is no previous item") : _previous,
        "nextitem" => PeekNext() ?? new UndefinedValue("there is no next item"),
        "cycle" => new BoundMethod(this, LoopMethods.Cycle),
        "changed" => new BoundMethod(this, LoopMethods.Changed),
        _ => null,
    };

    internal override TemplateValue Call(Evaluator caller, CallArguments arguments)
    {
        BoundArguments bound = LoopMethods.Recurse.Bind(arguments);
        return recursion is null
            ? throw Errors.Type("The loop must have the 'recursive' marker to be called recursively.")
            : recursion(bound[0]);
    }

    /// <summary>One of some values, in turn.</summary>
    internal TemplateValue Cycle(IReadOnlyList<TemplateValue> values) =>
        values.Count == 0 ? throw Errors.Type("no items for cycling given") : values[_index % values.Count];

    /// <summary>Whether the values differ from those of the last call.</summary>
    internal bool HasChanged(IReadOnlyList<TemplateValue> values)
    {
        bool isSame = _changed is not null && new TupleValue(_changed).Equals(new TupleValue(values));
        _changed = values;
        return !isSame;
    }

    internal override void AppendRepr(TextBuilder into) => into.Append($"<LoopContext {_index + 1}/{Count}>");

    private TemplateValue? PeekNext() => _next ??= _rest.MoveNext() ? _rest.Current : null;

    private int CountRest()
    {
        List<TemplateValue> rest = [];
        while (_rest.MoveNext())
            rest.Add(_rest.Current);
        _rest = rest.GetEnumerator();
        return rest.Count + _index + 1 + (_next is null ? 0 : 1);
    }
}
