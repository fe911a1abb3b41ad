using System.Text;

namespace Impetus.Engine.Tokenization.Models;

/// <summary>
/// The unigram language model (Kudo 2018, arXiv:1804.10959): of all ways to cut a piece into tokens the one with the greatest
/// sum of scores, found by Viterbi. Time is linear in the piece.
/// </summary>
internal sealed class UnigramModel : Model
{
    /// <summary>How much worse than the worst token an unknown character scores.</summary>
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int? _unknown;
    private readonly int[]? _byteTokens;
    private readonly TokenTrie _trie;
    private readonly PieceCache _cache = new();

    private UnigramModel(Vocabulary vocabulary, double[] scores, int? unknown, bool byteFallback) : base(vocabulary)
    {
        _scores = scores;
        _unknown = unknown;
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
        _byteTokens = byteFallback ? vocabulary.ByteTokens() : null;
        _trie = new TokenTrie(vocabulary);
    }

    public override int? UnknownId => _unknown;

    public static new UnigramModel Load(ConfigNode config)
    {
        var tokens = new List<string>();
        var scores = new List<double>();
        foreach (var entry in config["vocab"].Items())
        {
            if (entry.Element.ValueKind != System.Text.Json.JsonValueKind.Array || entry.Element.GetArrayLength() != 2)
                throw entry.Unexpected("a pair of a token and its score");
            if (tokens.Count >= Vocabulary.MaxId)
                throw config["vocab"].Fault($"holds more than {Vocabulary.MaxId} tokens");
            tokens.Add(entry.Part(entry.Element[0]).String());
            scores.Add(entry.Part(entry.Element[1]).Real());
        }
        int? unknown = null;
        if (!config["unk_id"].IsNull)
        {
            unknown = config["unk_id"].Number();
            if (unknown >= tokens.Count)
                throw config["unk_id"].Fault($"is {unknown}, but the vocabulary holds {tokens.Count} tokens");
        }
        return new UnigramModel(Vocabulary.FromList(tokens), [.. scores], unknown, config["byte_fallback"].Bool(false));
    }

    public override void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        if (_cache.TryGet(piece, out var known))
        {
            tokens.AddRange(known);
            return;
        }
        int start = tokens.Count;
        AddBestPath(piece, FindBestPath(piece), tokens);
        _cache.Set(piece, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens)[start..]);
    }

    private Arrival[] FindBestPath(ReadOnlySpan<char> piece)
    {
        var arrivals = new Arrival[piece.Length + 1];
        for (int at = 0; at < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[at..], out _, out int units);
            double score = arrivals[at].Score;
            bool single = false;
            int node = TokenTrie.Root;
            for (int end = at; end < piece.Length && (node = _trie.Step(node, piece[end])) != TokenTrie.None;)
            {
                end++;
                if (_trie.Token(node) is not (var id and >= 0))
                    continue;
                arrivals[end].Offer(at, id, score + _scores[id]);
                single |= end == at + units;
            }
            if (!single)
                arrivals[at + units].Offer(at, RequireUnknown(piece.Slice(at, units)), score + _unknownScore);
            at += units;
        }
        return arrivals;
    }

    private int RequireUnknown(ReadOnlySpan<char> character) => _unknown
        ?? throw new TokenizationException($"The character \"{character}\" is not in the vocabulary, and the tokenizer has no unknown token.");

    /// <summary>Follows the arrivals back from the end. Unknown neighbours become one token, or bytes where the model has them.</summary>
    private void AddBestPath(ReadOnlySpan<char> piece, Arrival[] arrivals, List<Token> tokens)
    {
        var path = new Stack<(int Start, int End, int Id)>();
        for (int end = piece.Length; end > 0;)
        {
            var (start, id) = (arrivals[end].Start, arrivals[end].Id);
            bool fuses = id == _unknown && path.TryPeek(out var after) && after.Id == _unknown;
            if (fuses)
                path.Push(path.Pop() with { Start = start });
            else
                path.Push((start, end, id));
            end = start;
        }
        int at = 0;
        foreach (var (start, end, id) in path)
        {
            var text = piece[start..end];
            int next = at + System.Text.Encoding.UTF8.GetByteCount(text);
            // What the path calls unknown may, once fused, be a token after all; what it calls a token always is one.
            if (id != _unknown || Vocabulary.TryFind(text, out _))
                tokens.Add(new Token(Vocabulary.TryFind(text, out int found) ? found : id, at, next, ShowsSource: true));
            else if (!AddBytes(text, at, next, tokens))
                tokens.Add(new Token(id, at, next, ShowsSource: true));
            at = next;
        }
    }

    private bool AddBytes(ReadOnlySpan<char> text, int start, int end, List<Token> tokens)
    {
        if (_byteTokens is null)
            return false;
        var bytes = new byte[end - start];
        System.Text.Encoding.UTF8.GetBytes(text, bytes);
        foreach (byte b in bytes)
            if (_byteTokens[b] < 0)
                return false;
        foreach (byte b in bytes)
            tokens.Add(new Token(_byteTokens[b], start, end));
        return true;
    }

    /// <summary>The best way found so far to get to a position.</summary>
    private struct Arrival
    {
        public double Score;
        public int Start;
        public int Id;
        private bool _reached;

        public void Offer(int start, int id, double score)
        {
            if (_reached && score <= Score)
                return;
            (Start, Id, Score, _reached) = (start, id, score, true);
        }
    }
}
