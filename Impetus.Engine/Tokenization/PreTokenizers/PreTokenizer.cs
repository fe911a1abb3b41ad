using Impetus.Engine.Tokenization.Regex;
using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>Cuts a text into the pieces that the model sees one by one. Thread safe.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Rust's <c>\w+|[^\w\s]+</c>.</summary>
    private static readonly TextPattern WordsAndSymbols = TextPattern.FromRegex(
        @"[\p{alpha}\p{M}\p{Nd}\p{Pc}\x{200C}\x{200D}]+|[^\p{alpha}\p{M}\p{Nd}\p{Pc}\x{200C}\x{200D}\s]+");

    /// <summary>Whether its work depends on where a piece stands in the original, so that alignments must be tracked.</summary>
    public virtual bool NeedsAlignment => false;

    /// <summary>Cuts pieces further; none is an added token. Empty parts are left out.</summary>
    public abstract void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts);

    /// <summary>Builds a pre-tokeniser; null for an absent one.</summary>
    public static PreTokenizer? Load(ConfigNode config)
    {
        if (config.IsNull)
            return null;
        return config.Type switch
        {
            "Sequence" => new SequencePreTokenizer([.. config["pretokenizers"].Items().Select(LoadRequired)]),
            "ByteLevel" => new ByteLevelPreTokenizer(config["add_prefix_space"].Bool(true), config["use_regex"].Bool(true)),
            "Split" => new SplitPreTokenizer(TextPattern.Load(config["pattern"]), LoadBehavior(config["behavior"], null), config["invert"].Bool(false)),
            "Metaspace" => new MetaspacePreTokenizer(Metaspace.Load(config)),
            "Whitespace" => new SplitPreTokenizer(WordsAndSymbols, SplitBehavior.Removed, invert: true),
            "WhitespaceSplit" => new CharacterPreTokenizer(UnicodeData.Whitespace, SplitBehavior.Removed),
            "BertPreTokenizer" => new SequencePreTokenizer(
            [
                new CharacterPreTokenizer(UnicodeData.Whitespace, SplitBehavior.Removed),
                new CharacterPreTokenizer(UnicodeData.Set("Punctuation"), SplitBehavior.Isolated),
            ]),
            "Punctuation" => new CharacterPreTokenizer(UnicodeData.Set("Punctuation"), LoadBehavior(config["behavior"], SplitBehavior.Isolated)),
            "Digits" => new CharacterPreTokenizer(
                UnicodeData.Set("Numeric"),
                config["individual_digits"].Bool(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "CharDelimiterSplit" => new CharacterPreTokenizer(
                CodePointSet.Of(char.ConvertToUtf32(config["delimiter"].Character(), 0)), SplitBehavior.Removed),
            "UnicodeScripts" => new UnicodeScriptsPreTokenizer(),
            "FixedLength" => LoadFixedLength(config["length"]),
            _ => throw config["type"].Unexpected("a pre-tokenizer that this version knows"),
        };
    }

    private static PreTokenizer LoadRequired(ConfigNode config) => Load(config) ?? throw config.Unexpected("a pre-tokenizer");

    private static FixedLengthPreTokenizer LoadFixedLength(ConfigNode config)
    {
        int length = config.IsNull ? 5 : config.Number();
        return length > 0 ? new FixedLengthPreTokenizer(length) : throw config.Unexpected("at least 1");
    }

    private static SplitBehavior LoadBehavior(ConfigNode config, SplitBehavior? fallback)
    {
        if (config.IsNull && fallback is { } absent)
            return absent;
        return config.String() switch
        {
            "Removed" => SplitBehavior.Removed,
            "Isolated" => SplitBehavior.Isolated,
            "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
            "MergedWithNext" => SplitBehavior.MergedWithNext,
            "Contiguous" => SplitBehavior.Contiguous,
            _ => throw config.Unexpected("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
        };
    }
}
