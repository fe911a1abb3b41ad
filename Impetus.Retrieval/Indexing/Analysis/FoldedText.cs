using System.Globalization;
using System.Text;

namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>
/// Text as search compares it: compatibility forms, case and the diacritics of Latin, Greek, Cyrillic, Hebrew and Arabic folded away.
/// Vowel signs of other scripts stay, for they are letters there.
/// </summary>
internal static class FoldedText
{
    /// <summary>Folds well-formed UTF-16 (see <see cref="WellFormed"/>).</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (!IsDropped(rune.Value))
                folded.Append(Rune.ToLowerInvariant(rune));
        }
        return folded.Replace("ß", "ss").ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The text with lone surrogates and NUL, which neither Unicode's algorithms nor SQLite's text can hold, as U+FFFD.</summary>
    public static string WellFormed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal))
            return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                if (i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]))
                {
                    target[i] = source[i];
                    target[++i] = source[i];
                }
                else
                    target[i] = char.IsSurrogate(source[i]) || source[i] == '\0' ? '\uFFFD' : source[i];
            }
        });
    }

    /// <summary>Whether the character belongs to a word.</summary>
    public static bool IsWordRune(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse;

    private static bool IsDropped(int rune) => rune is
        (>= 0x0300 and <= 0x036F) or (>= 0x0591 and <= 0x05C7) or (>= 0x064B and <= 0x065F) or 0x0670 or (>= 0x06D6 and <= 0x06ED)
        or 0x0640 or 0x00AD or 0x200C or 0x200D;
}
