namespace Impetus.Engine.Tokenization.Models;

/// <summary>All tokens of a vocabulary by their UTF-16 units: edges in one hash table, the root's in an array.</summary>
internal sealed class TokenTrie
{
    public const int None = -1;
    public const int Root = 0;

    private readonly Dictionary<long, int> _edges = [];
    private readonly int[] _rootEdges = new int[char.MaxValue + 1];
    private readonly List<int> _tokens = [None];

    public TokenTrie(Vocabulary vocabulary)
    {
        Array.Fill(_rootEdges, None);
        for (int id = 0; id < vocabulary.IdLimit; id++)
            if (vocabulary.Text(id) is { Length: > 0 } text)
                _tokens[Add(text)] = vocabulary.Find(text)!.Value;
    }

    /// <summary>The node that a unit leads to, or <see cref="None"/>.</summary>
    public int Step(int node, char unit)
    {
        if (node == Root)
            return _rootEdges[unit];
        return _edges.TryGetValue(Edge(node, unit), out int next) ? next : None;
    }

    /// <summary>The id of the token that ends at a node, or <see cref="None"/>.</summary>
    public int Token(int node) => _tokens[node];

    private int Add(string text)
    {
        int node = Root;
        foreach (char unit in text)
        {
            int next = Step(node, unit);
            if (next == None)
            {
                next = _tokens.Count;
                _tokens.Add(None);
                if (node == Root)
                    _rootEdges[unit] = next;
                else
                    _edges.Add(Edge(node, unit), next);
            }
            node = next;
        }
        return node;
    }

    private static long Edge(int node, char unit) => (long)node << 16 | unit;
}
