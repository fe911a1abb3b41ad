using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>Finds which of some special names (<c>loop</c>, <c>caller</c> …) a stretch of a template reads before it assigns them.</summary>
internal static class FreeNames
{
    public static HashSet<string> In(IEnumerable<Node> nodes, params IEnumerable<string> names)
    {
        HashSet<string> wanted = new(names, StringComparer.Ordinal), found = new(StringComparer.Ordinal);
        foreach (Node node in nodes)
            Visit(node, wanted, found);
        return found;
    }

    private static void Visit(Node node, HashSet<string> wanted, HashSet<string> found)
    {
        switch (node)
        {
            case Name { Use: NameUse.Load } name when wanted.Contains(name.Text):
                found.Add(name.Text);
                break;
            case Name name:
                wanted.Remove(name.Text);
                break;
            case Block:
                break;
            default:
                foreach (Node child in node.Children)
                    Visit(child, wanted, found);
                break;
        }
    }
}
