using System.Text;

namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>The writing systems that are analysed differently.</summary>
internal enum Script
{
    /// <summary>Separates words by spaces and is left as it is.</summary>
    Other,
    Latin,
    Arabic,

    /// <summary>Writes words without spaces, or joins them: Han, kana, Hangul, Thai, Lao, Khmer, Burmese.</summary>
    Unspaced,
}

/// <summary>Which script a character belongs to; by ranges of blocks, which is enough to tell these few apart.</summary>
internal static class Scripts
{
    public static Script Of(Rune rune) => rune.Value switch
    {
        < 0x0250 or (>= 0x1E00 and < 0x1F00) => Script.Latin,
        (>= 0x0600 and < 0x0700) or (>= 0x0750 and < 0x0780) or (>= 0x08A0 and < 0x0900) or (>= 0xFB50 and < 0xFE00) or (>= 0xFE70 and < 0xFF00)
            => Script.Arabic,
        (>= 0x0E00 and < 0x0F00) or (>= 0x1000 and < 0x10A0) or (>= 0x1100 and < 0x1200) or (>= 0x1780 and < 0x1800)
            or (>= 0x2E80 and < 0x3000) or (>= 0x3005 and < 0x3008) or (>= 0x3040 and < 0xA000) or (>= 0xA960 and < 0xA980)
            or (>= 0xAC00 and < 0xD800) or (>= 0xF900 and < 0xFB00) or (>= 0xFF66 and < 0xFFA0) or (>= 0x1B000 and < 0x1B170)
            or (>= 0x20000 and < 0x32000)
            => Script.Unspaced,
        _ => Script.Other,
    };

    /// <summary>ISO 639-1 code of the language that a letter of a script other than Latin suggests; null where it suggests none.</summary>
    public static string? LanguageOf(Rune rune) => rune.Value switch
    {
        >= 0x0370 and < 0x0400 => "el",
        >= 0x0400 and < 0x0530 => "ru",
        >= 0x0590 and < 0x0600 => "he",
        >= 0x0600 and < 0x0780 => "ar",
        >= 0x0900 and < 0x0980 => "hi",
        >= 0x0E00 and < 0x0E80 => "th",
        >= 0x3040 and < 0x3100 => "ja",
        >= 0x4E00 and < 0xA000 => "zh",
        >= 0xAC00 and < 0xD7B0 => "ko",
        _ => null,
    };
}
