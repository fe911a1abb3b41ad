namespace Impetus.Engine.Tokenization.Models;

/// <summary>One token for each whole piece.</summary>
internal sealed class WordLevelModel : Model
{
    private readonly int? _unknown;

    private WordLevelModel(Vocabulary vocabulary, int? unknown) : base(vocabulary) => _unknown = unknown;

    public override int? UnknownId => _unknown;

    public static new WordLevelModel Load(ConfigNode config)
    {
        var vocabulary = Vocabulary.FromObject(config["vocab"]);
        return new WordLevelModel(vocabulary, vocabulary.Find(config["unk_token"].StringOrNull() ?? "<unk>"));
    }

    public override void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        if (!Vocabulary.TryFind(piece, out int id))
            id = _unknown ?? throw new TokenizationException($"The word \"{piece}\" is not in the vocabulary, and the tokenizer has no unknown token.");
        tokens.Add(new Token(id, 0, System.Text.Encoding.UTF8.GetByteCount(piece)));
    }
}
