using System.Text;

namespace Impetus.Engine.Tokenization.Models;

/// <summary>
/// WordPiece as BERT has it: the longest token that begins the word, then the longest continuation, and so on; a word with a gap
/// or too long is unknown as a whole.
/// </summary>
internal sealed class WordPieceModel : Model
{
    private const int MaxCharacters = 100_000;

    private readonly string _prefix;
    private readonly int _unknown;
    private readonly int _maxCharacters;
    private readonly int _longestToken;

    private WordPieceModel(Vocabulary vocabulary, string prefix, int unknown, int maxCharacters) : base(vocabulary)
    {
        _prefix = prefix;
        _unknown = unknown;
        _maxCharacters = maxCharacters;
        for (int id = 0; id < vocabulary.IdLimit; id++)
            _longestToken = Math.Max(_longestToken, vocabulary.Text(id)?.Length ?? 0);
    }

    public override int? UnknownId => _unknown;

    public static new WordPieceModel Load(ConfigNode config)
    {
        var vocabulary = Vocabulary.FromObject(config["vocab"]);
        string unknown = config["unk_token"].StringOrNull() ?? "[UNK]";
        int id = vocabulary.Find(unknown)
            ?? throw config["unk_token"].Fault($"is \"{unknown}\", which the vocabulary does not hold");
        int limit = config["max_input_chars_per_word"].IsNull ? 100 : config["max_input_chars_per_word"].Number(MaxCharacters);
        return new WordPieceModel(vocabulary, config["continuing_subword_prefix"].StringOrNull() ?? "##", id, limit);
    }

    public override void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        int begin = tokens.Count;
        int bytes = System.Text.Encoding.UTF8.GetByteCount(piece);
        if (piece.Length > _maxCharacters && CountCharacters(piece) > _maxCharacters)
        {
            tokens.Add(new Token(_unknown, 0, bytes));
            return;
        }
        var word = new char[_prefix.Length + piece.Length];
        _prefix.CopyTo(word);
        piece.CopyTo(word.AsSpan(_prefix.Length));
        int start = 0, startByte = 0;
        while (start < piece.Length)
        {
            int end = LongestToken(word, start, piece.Length, out int id);
            if (end < 0)
            {
                tokens.RemoveRange(begin, tokens.Count - begin);
                tokens.Add(new Token(_unknown, 0, bytes));
                return;
            }
            int endByte = startByte + System.Text.Encoding.UTF8.GetByteCount(piece[start..end]);
            tokens.Add(new Token(id, startByte, endByte));
            (start, startByte) = (end, endByte);
        }
    }

    /// <summary>The end of the longest token at <paramref name="start"/>, or −1.</summary>
    private int LongestToken(char[] word, int start, int length, out int id)
    {
        int prefix = _prefix.Length;
        if (start > 0)
            _prefix.CopyTo(0, word, start, prefix);
        int from = start > 0 ? start : prefix;
        // What lies before 'start' has been taken, so the prefix may be written over it; at the beginning it is left out.
        for (int end = Math.Min(length, start + _longestToken); end > start; end--)
        {
            if (end < length && char.IsLowSurrogate(word[prefix + end]))
                continue;
            if (Vocabulary.TryFind(word.AsSpan(from, prefix + end - from), out id))
                return end;
        }
        id = -1;
        return -1;
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
