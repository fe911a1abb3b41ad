namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>A piece of a parsed template.</summary>
/// <remarks>
/// The children stand in the order in which Jinja visits them: what a name means depends on what was seen before it.
/// What the <see cref="Scoping.ScopeResolver"/> finds out is kept in the nodes; after that they do not change.
/// </remarks>
internal abstract class Node
{
    protected Node(int line, params IEnumerable<Node?> children)
    {
        Line = line;
        Children = [.. children.Where(static child => child is not null).Select(static child => child!)];
        Depth = 1 + Children.Select(static child => child.Depth).DefaultIfEmpty().Max();
    }

    /// <summary>The line of the template, from 1.</summary>
    public int Line { get; }

    public IReadOnlyList<Node> Children { get; }

    /// <summary>How many levels of nodes there are, this one included.</summary>
    public int Depth { get; }

    /// <summary>This node and all below it.</summary>
    public IEnumerable<Node> SelfAndDescendants()
    {
        Stack<Node> pending = new([this]);
        while (pending.TryPop(out Node? node))
        {
            yield return node;
            foreach (Node child in node.Children.Reverse())
                pending.Push(child);
        }
    }
}
