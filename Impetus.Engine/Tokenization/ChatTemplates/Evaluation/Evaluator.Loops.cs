using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Loops.</summary>
internal sealed partial class Evaluator
{
    /// <summary>Runs a recursive loop, which a call of <c>loop</c> within it does again, and returns its text.</summary>
    internal StringValue RunRecursively(For loop, Frame outer, TemplateValue source, int depth)
    {
        Budget.EnterCall();
        int line = _line;
        Frame frame = new(loop.Procedure, outer, outer.Context);
        string text = Capture(() => RunLoop(loop, outer, frame, () => source, inner => RunRecursively(loop, outer, inner, depth + 1), depth));
        _line = line;
        Budget.LeaveCall();
        return new StringValue(text, Escapes(loop.Escape));
    }

    /// <param name="loop">The loop.</param>
    /// <param name="outer">The frame around it, in which the filter's frame is made.</param>
    /// <param name="frame">The frame of its own variables; the same unless it is recursive.</param>
    /// <param name="source">Evaluates what it iterates over.</param>
    /// <param name="recursion">Runs it again one level deeper; null if it is not recursive.</param>
    /// <param name="depth">How many levels of it are running already.</param>
    private Flow RunLoop(For loop, Frame outer, Frame frame, Func<TemplateValue> source, Func<TemplateValue, StringValue>? recursion, int depth)
    {
        _line = loop.Line;
        TemplateValue iterable = source();
        if (loop.Filter is not null)
            iterable = new IteratorValue("generator", Filtered(loop, loop.Filter, iterable, outer));
        LoopValue? state = loop.LoopSlot is null ? null : new LoopValue(iterable, this, recursion, depth);

        bool isEmpty = true;
        foreach (TemplateValue element in state?.Run() ?? Iterate(iterable))
        {
            Store(loop.Target, element, frame);
            if (loop.LoopSlot is { } slot)
                frame.Set(slot, state);
            frame.Enter(loop.BodyScope);
            Flow flow = Execute(loop.Body, frame);
            if (flow == Flow.Break)
                break;

            isEmpty &= flow == Flow.Continue; // Jinja notes at the end of a body that there was one
            _line = loop.Line;
        }

        frame.Leave(loop.BodyScope);
        if (!isEmpty || loop.Otherwise.Count == 0)
            return Flow.Next;

        frame.Enter(loop.OtherwiseScope);
        Flow end = Execute(loop.Otherwise, frame);
        if (end == Flow.Next)
            frame.Leave(loop.OtherwiseScope);
        return end;
    }

    /// <summary>The elements that a loop's condition lets through, found as they are asked for.</summary>
    private IEnumerable<TemplateValue> Filtered(For loop, Expression filter, TemplateValue source, Frame outer)
    {
        int caller = _line;
        Frame frame = new(loop.FilterProcedure, outer, outer.Context);
        _line = filter.Line;
        using IEnumerator<TemplateValue> elements = Iterate(source).GetEnumerator();
        while (elements.MoveNext())
        {
            Store(loop.FilterTarget!, elements.Current, frame);
            if (Evaluate(filter, frame).IsTrue)
            {
                _line = caller;
                yield return elements.Current;
                caller = _line;
                _line = filter.Line;
            }
        }

        _line = caller;
    }
}
