using Impetus.Engine.Tokenization.Models;
using Impetus.Engine.Tokenization.Normalizers;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.AddedTokens;

/// <summary>The tokens that a file adds to its model's, and how they are found.</summary>
internal sealed class AddedVocabulary
{
    private const int MaxTokens = 1 << 18;
    private const int MaxContentLength = 1 << 14;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _tokens = [];
    private readonly Dictionary<int, string> _normalized = [];
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private readonly AddedTokenMatcher? _raw;
    private readonly AddedTokenMatcher? _inNormalized;

    public AddedVocabulary(ConfigNode config, Model model, Normalizer? normalizer)
    {
        // The reference gives an id anew: the model's own for the content, else the next free one; the file's is only a remark.
        int next = model.Vocabulary.Count;
        foreach (var item in config.IsNull ? [] : config.Items())
        {
            if (_tokens.Count >= MaxTokens)
                throw config.Fault($"holds more than {MaxTokens} tokens");
            var token = Load(item);
            if (token.Content.Length == 0)
                continue;
            int id = Find(token.Content) ?? model.Vocabulary.Find(token.Content) ?? next++;
            token = token with { Id = id };
            _ids[token.Content] = id;
            _tokens[id] = token;
            if (token.Special)
                _special.Add(token.Content);
            string normalized = token.Normalized && normalizer is not null
                ? normalizer.Normalize(AlignedText.Original(token.Content, tracked: false)).Span.ToString()
                : token.Content;
            if (normalized != token.Content)
                _normalized[id] = normalized;
        }
        _raw = BuildMatcher(_tokens.Values.Where(t => !t.Normalized));
        _inNormalized = BuildMatcher(_tokens.Values.Where(t => t.Normalized));
        IdLimit = _tokens.Count == 0 ? 0 : _tokens.Keys.Max() + 1;
    }

    /// <summary>One more than the greatest id.</summary>
    public int IdLimit { get; }

    public IEnumerable<AddedToken> Tokens => _tokens.Values;

    public int? Find(string content) => _ids.TryGetValue(content, out int id) ? id : null;

    /// <summary>A token's text in decoding: normalised, when it is looked for so.</summary>
    public string? Text(int id) => _normalized.TryGetValue(id, out string? normalized) ? normalized : _tokens.GetValueOrDefault(id)?.Content;

    public bool IsAdded(int id) => _tokens.ContainsKey(id);

    public bool IsSpecial(string text) => _special.Contains(text);

    public bool IsSpecial(int id) => _tokens.TryGetValue(id, out var token) && token.Special;

    /// <summary>Cuts the tokens out that are looked for in the text as given.</summary>
    public List<Piece> SplitRaw(AlignedText text) => Split(_raw, text);

    /// <summary>Cuts the tokens out that are looked for in normalised text.</summary>
    public List<Piece> SplitNormalized(AlignedText text) => Split(_inNormalized, text);

    private static List<Piece> Split(AddedTokenMatcher? matcher, AlignedText text)
    {
        var parts = new List<Piece>();
        if (text.Length == 0)
            return parts;
        var whole = new Piece(text, 0, text.Length);
        if (matcher is null)
            parts.Add(whole);
        else
            matcher.Split(whole, parts);
        return parts;
    }

    private AddedTokenMatcher? BuildMatcher(IEnumerable<AddedToken> tokens)
    {
        var patterns = tokens.Select(t => (_normalized.GetValueOrDefault(t.Id, t.Content), t)).ToArray();
        return patterns.Length == 0 ? null : new AddedTokenMatcher(patterns);
    }

    private static AddedToken Load(ConfigNode item)
    {
        string content = item["content"].String();
        if (content.Length > MaxContentLength)
            throw item["content"].Fault($"is longer than {MaxContentLength} characters");
        bool special = item["special"].Bool(false);
        return new AddedToken(
            0,
            content,
            item["single_word"].Bool(false),
            item["lstrip"].Bool(false),
            item["rstrip"].Bool(false),
            item["normalized"].Bool(!special),
            special);
    }
}
