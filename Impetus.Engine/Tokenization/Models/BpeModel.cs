using System.Runtime.InteropServices;
using System.Text;

namespace Impetus.Engine.Tokenization.Models;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): characters are joined, the pair of lowest rank first and of equal
/// ones the leftmost. Time grows as n log n with the piece.
/// </summary>
internal sealed class BpeModel : Model
{
    private readonly MergeTable _merges;
    private readonly string _prefix;
    private readonly string _suffix;
    private readonly string? _unknownToken;
    private readonly int? _unknown;
    private readonly bool _fuseUnknown;
    private readonly int[]? _byteTokens;
    private readonly bool _ignoreMerges;
    private readonly PieceCache _cache = new();

    private BpeModel(Vocabulary vocabulary, MergeTable merges, ConfigNode config) : base(vocabulary)
    {
        _merges = merges;
        _prefix = config["continuing_subword_prefix"].StringOrNull() ?? "";
        _suffix = config["end_of_word_suffix"].StringOrNull() ?? "";
        _fuseUnknown = config["fuse_unk"].Bool(false);
        _byteTokens = config["byte_fallback"].Bool(false) ? vocabulary.ByteTokens() : null;
        _ignoreMerges = config["ignore_merges"].Bool(false);
        // A file may name an unknown token that the model lacks; it matters only when it is needed.
        _unknownToken = config["unk_token"].StringOrNull();
        _unknown = _unknownToken is null ? null : vocabulary.Find(_unknownToken);
    }

    public override int? UnknownId => _unknown;

    public static new BpeModel Load(ConfigNode config)
    {
        if (!config["dropout"].IsNull && config["dropout"].Real() != 0)
            throw config["dropout"].Fault("is not 0: dropout is for training and makes tokens random");
        var vocabulary = Vocabulary.FromObject(config["vocab"]);
        return new BpeModel(vocabulary, LoadMerges(config, vocabulary), config);
    }

    public override void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        if (_cache.TryGet(piece, out var known))
        {
            tokens.AddRange(known);
            return;
        }
        int start = tokens.Count;
        if (_ignoreMerges && Vocabulary.TryFind(piece, out int whole))
            tokens.Add(new Token(whole, 0, System.Text.Encoding.UTF8.GetByteCount(piece)));
        else
            Join(piece, tokens);
        _cache.Set(piece, CollectionsMarshal.AsSpan(tokens)[start..]);
    }

    private static MergeTable LoadMerges(ConfigNode config, Vocabulary vocabulary)
    {
        var node = config["merges"];
        var items = node.Items();
        var table = new MergeTable(node.Element.GetArrayLength());
        int prefix = config["continuing_subword_prefix"].StringOrNull()?.Length ?? 0;
        int rank = 0;
        foreach (var item in items)
        {
            if (ReadPair(item, rank) is not var (left, right))
                continue;
            string joined = string.Concat(left.Span, right.Span[Math.Min(prefix, right.Length)..]);
            table.Set(Id(left.Span), Id(right.Span), new Merge(rank++, Id(joined)));

            int Id(ReadOnlySpan<char> token) => vocabulary.TryFind(token, out int id)
                ? id
                : throw item.Fault($"needs the token \"{token}\", which the vocabulary does not hold");
        }
        return table;
    }

    /// <summary>A merge as ["a", "b"], or in old files as "a b", where a first line may be a version.</summary>
    private static (ReadOnlyMemory<char> Left, ReadOnlyMemory<char> Right)? ReadPair(ConfigNode item, int rank)
    {
        if (item.Element.ValueKind == System.Text.Json.JsonValueKind.Array)
        {
            if (item.Element.GetArrayLength() != 2)
                throw item.Unexpected("a pair of tokens");
            return (item.Part(item.Element[0]).String().AsMemory(), item.Part(item.Element[1]).String().AsMemory());
        }
        string line = item.String();
        if (rank == 0 && line.StartsWith("#version", StringComparison.Ordinal))
            return null;
        int space = line.IndexOf(' ');
        return space > 0 && space == line.LastIndexOf(' ') && space < line.Length - 1
            ? (line.AsMemory(0, space), line.AsMemory(space + 1))
            : throw item.Unexpected("two tokens with one space between");
    }

    private void Join(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        var symbols = new SymbolList(piece.Length);
        AddCharacters(piece, ref symbols);
        symbols.MergeAll(_merges);
        symbols.AppendTo(tokens);
    }

    private void AddCharacters(ReadOnlySpan<char> piece, ref SymbolList symbols)
    {
        int unknownBytes = 0;
        for (int at = 0; at < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[at..], out var rune, out int units);
            var character = piece.Slice(at, units);
            bool first = at == 0, last = at + units == piece.Length;
            at += units;
            int bytes = rune.Utf8SequenceLength;
            if (FindCharacter(character, first, last, out int id))
            {
                FlushUnknown(ref unknownBytes, ref symbols);
                symbols.Add(id, bytes);
            }
            // A pending unknown token stays pending over byte tokens: the reference's order, which decides ids.
            else if (!AddBytes(character, first, last, ref symbols) && _unknownToken is not null)
            {
                if (_unknown is null)
                    throw new TokenizationException($"The character \"{character}\" is not in the vocabulary, nor is the unknown token {_unknownToken}.");
                if (!_fuseUnknown)
                    FlushUnknown(ref unknownBytes, ref symbols);
                unknownBytes += bytes;
            }
        }
        FlushUnknown(ref unknownBytes, ref symbols);
    }

    private void FlushUnknown(ref int bytes, ref SymbolList symbols)
    {
        if (bytes > 0)
            symbols.Add(_unknown!.Value, bytes);
        bytes = 0;
    }

    private bool FindCharacter(ReadOnlySpan<char> character, bool first, bool last, out int id)
    {
        if ((first || _prefix.Length == 0) && (!last || _suffix.Length == 0))
            return Vocabulary.TryFind(character, out id);
        return Vocabulary.TryFind(Decorate(character, first, last), out id);
    }

    private string Decorate(ReadOnlySpan<char> character, bool first, bool last) =>
        string.Concat(first ? "" : _prefix, character, last ? _suffix : "");

    private bool AddBytes(ReadOnlySpan<char> character, bool first, bool last, ref SymbolList symbols)
    {
        if (_byteTokens is null)
            return false;
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Decorate(character, first, last));
        foreach (byte b in bytes)
            if (_byteTokens[b] < 0)
                return false;
        foreach (byte b in bytes)
            symbols.Add(_byteTokens[b], 1);
        return true;
    }
}
