using Impetus.Engine.Tokenization.Regex;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Rewrites a text before it is cut into pieces. Thread safe.</summary>
internal abstract class Normalizer
{
    /// <summary>The rewritten text; the same object when nothing changes.</summary>
    public abstract AlignedText Normalize(AlignedText text);

    /// <summary>Builds a normaliser; null for an absent one.</summary>
    public static Normalizer? Load(ConfigNode config)
    {
        if (config.IsNull)
            return null;
        return config.Type switch
        {
            "Sequence" => new SequenceNormalizer([.. config["normalizers"].Items().Select(LoadRequired)]),
            "NFC" => new UnicodeNormalizer(compatibility: false, compose: true),
            "NFD" => new UnicodeNormalizer(compatibility: false, compose: false),
            "NFKC" => new UnicodeNormalizer(compatibility: true, compose: true),
            "NFKD" => new UnicodeNormalizer(compatibility: true, compose: false),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new FilterNormalizer(Unicode.UnicodeData.Set("CombiningMark")),
            "Nmt" => new NmtNormalizer(),
            "Strip" => new StripNormalizer(config["strip_left"].Bool(true), config["strip_right"].Bool(true)),
            "Prepend" => new PrependNormalizer(config["prepend"].String()),
            "Replace" => new ReplaceNormalizer(TextPattern.Load(config["pattern"]), config["content"].String()),
            "BertNormalizer" => new BertNormalizer(config),
            "Precompiled" => PrecompiledNormalizer.Load(config["precompiled_charsmap"]),
            "ByteLevel" => new ByteLevelNormalizer(),
            _ => throw config["type"].Unexpected("a normalizer that this version knows"),
        };
    }

    private static Normalizer LoadRequired(ConfigNode config) => Load(config) ?? throw config.Unexpected("a normalizer");
}
