namespace Impetus.Engine.Tokenization.Models;

/// <summary>Tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids from here on are refused: the largest vocabularies hold a quarter of a million.</summary>
    public const int MaxId = 1 << 22;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly string?[] _tokens;

    private Vocabulary(Dictionary<string, int> ids, string?[] tokens)
    {
        _ids = ids;
        _tokens = tokens;
        _idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many tokens there are.</summary>
    public int Count => _ids.Count;

    /// <summary>One more than the greatest id.</summary>
    public int IdLimit => _tokens.Length;

    public int? Find(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public bool TryFind(ReadOnlySpan<char> token, out int id) => _idsBySpan.TryGetValue(token, out id);

    public string? Text(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>From an object of tokens and ids; of two equal keys the last counts.</summary>
    public static Vocabulary FromObject(ConfigNode config)
    {
        var members = config.Members();
        var ids = new Dictionary<string, int>(config.Element.GetPropertyCount(), StringComparer.Ordinal);
        int limit = 0;
        foreach (var (token, value) in members)
        {
            if (!value.Element.TryGetId(out int id))
                throw config.Fault($"has for the token \"{token}\" the id {value.Element.GetRawText()}; it should be a whole number from 0 to {MaxId - 1}");
            ids[token] = id;
            limit = Math.Max(limit, id + 1);
        }
        var tokens = new string?[limit];
        foreach (var (token, id) in ids)
            tokens[id] = token;
        return new Vocabulary(ids, tokens);
    }

    /// <summary>From a list, in which a token's place is its id; of two equal tokens the last counts.</summary>
    public static Vocabulary FromList(IReadOnlyList<string> tokens)
    {
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
            ids[tokens[id]] = id;
        return new Vocabulary(ids, [.. tokens]);
    }

    /// <summary>The ids of &lt;0x00&gt; … &lt;0xFF&gt;, −1 where one is missing.</summary>
    public int[] ByteTokens() => [.. Enumerable.Range(0, 256).Select(b => Find($"<0x{b:X2}>") ?? -1)];
}
