namespace Impetus.Engine.Tokenization.Models;

/// <summary>What makes tokens of a piece of text. Thread safe after construction.</summary>
internal abstract class Model(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The token for what the vocabulary lacks; null when the model has none.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>Adds the tokens of a piece, which is never empty.</summary>
    /// <exception cref="TokenizationException">The piece holds something unknown and the model has no unknown token.</exception>
    public abstract void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens);

    public static Model Load(ConfigNode config)
    {
        // Old files leave the type out; what the model holds tells it.
        string type = !config["type"].IsNull ? config.Type
            : !config["merges"].IsNull ? "BPE"
            : !config["unk_id"].IsNull ? "Unigram"
            : !config["continuing_subword_prefix"].IsNull ? "WordPiece"
            : "WordLevel";
        return type switch
        {
            "BPE" => BpeModel.Load(config),
            "WordPiece" => WordPieceModel.Load(config),
            "Unigram" => UnigramModel.Load(config),
            "WordLevel" => WordLevelModel.Load(config),
            _ => throw config["type"].Unexpected("BPE, WordPiece, Unigram or WordLevel"),
        };
    }
}
