using System.Globalization;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Unicode's full case mappings and character classes as Python's <c>str</c> methods apply them.</summary>
/// <remarks>
/// .NET maps one code point to one code point; the tables add what the Unicode file SpecialCasing.txt says beyond that
/// (the German sharp s becomes two letters). A lone surrogate has no case and belongs to no class.
/// </remarks>
internal static class UnicodeCase
{
    private static readonly Dictionary<string, string> SpecialUpper = Table(
        "\u00df=SS \u0131=I \u0149=\u02bcN \u017f=S \u01f0=J\u030c \u0390=\u0399\u0308\u0301 \u03b0=\u03a5\u0308\u0301 " +
        "\u0587=\u0535\u0552 \u1e96=H\u0331 \u1e97=T\u0308 \u1e98=W\u030a \u1e99=Y\u030a \u1e9a=A\u02be " +
        "\u1f50=\u03a5\u0313 \u1f52=\u03a5\u0313\u0300 \u1f54=\u03a5\u0313\u0301 \u1f56=\u03a5\u0313\u0342 " +
        "\u1f80=\u1f08\u0399 \u1f81=\u1f09\u0399 \u1f82=\u1f0a\u0399 \u1f83=\u1f0b\u0399 \u1f84=\u1f0c\u0399 " +
        "\u1f85=\u1f0d\u0399 \u1f86=\u1f0e\u0399 \u1f87=\u1f0f\u0399 \u1f88=\u1f08\u0399 \u1f89=\u1f09\u0399 " +
        "\u1f8a=\u1f0a\u0399 \u1f8b=\u1f0b\u0399 \u1f8c=\u1f0c\u0399 \u1f8d=\u1f0d\u0399 \u1f8e=\u1f0e\u0399 " +
        "\u1f8f=\u1f0f\u0399 \u1f90=\u1f28\u0399 \u1f91=\u1f29\u0399 \u1f92=\u1f2a\u0399 \u1f93=\u1f2b\u0399 " +
        "\u1f94=\u1f2c\u0399 \u1f95=\u1f2d\u0399 \u1f96=\u1f2e\u0399 \u1f97=\u1f2f\u0399 \u1f98=\u1f28\u0399 " +
        "\u1f99=\u1f29\u0399 \u1f9a=\u1f2a\u0399 \u1f9b=\u1f2b\u0399 \u1f9c=\u1f2c\u0399 \u1f9d=\u1f2d\u0399 " +
        "\u1f9e=\u1f2e\u0399 \u1f9f=\u1f2f\u0399 \u1fa0=\u1f68\u0399 \u1fa1=\u1f69\u0399 \u1fa2=\u1f6a\u0399 " +
        "\u1fa3=\u1f6b\u0399 \u1fa4=\u1f6c\u0399 \u1fa5=\u1f6d\u0399 \u1fa6=\u1f6e\u0399 \u1fa7=\u1f6f\u0399 " +
        "\u1fa8=\u1f68\u0399 \u1fa9=\u1f69\u0399 \u1faa=\u1f6a\u0399 \u1fab=\u1f6b\u0399 \u1fac=\u1f6c\u0399 " +
        "\u1fad=\u1f6d\u0399 \u1fae=\u1f6e\u0399 \u1faf=\u1f6f\u0399 \u1fb2=\u1fba\u0399 \u1fb3=\u0391\u0399 " +
        "\u1fb4=\u0386\u0399 \u1fb6=\u0391\u0342 \u1fb7=\u0391\u0342\u0399 \u1fbc=\u0391\u0399 \u1fc2=\u1fca\u0399 " +
        "\u1fc3=\u0397\u0399 \u1fc4=\u0389\u0399 \u1fc6=\u0397\u0342 \u1fc7=\u0397\u0342\u0399 \u1fcc=\u0397\u0399 " +
        "\u1fd2=\u0399\u0308\u0300 \u1fd3=\u0399\u0308\u0301 \u1fd6=\u0399\u0342 \u1fd7=\u0399\u0308\u0342 " +
        "\u1fe2=\u03a5\u0308\u0300 \u1fe3=\u03a5\u0308\u0301 \u1fe4=\u03a1\u0313 \u1fe6=\u03a5\u0342 " +
        "\u1fe7=\u03a5\u0308\u0342 \u1ff2=\u1ffa\u0399 \u1ff3=\u03a9\u0399 \u1ff4=\u038f\u0399 \u1ff6=\u03a9\u0342 " +
        "\u1ff7=\u03a9\u0342\u0399 \u1ffc=\u03a9\u0399 \ufb00=FF \ufb01=FI \ufb02=FL \ufb03=FFI \ufb04=FFL \ufb05=ST " +
        "\ufb06=ST \ufb13=\u0544\u0546 \ufb14=\u0544\u0535 \ufb15=\u0544\u053b \ufb16=\u054e\u0546 \ufb17=\u0544\u053d ");

    /// <summary>Where the title case of a character is not its upper case.</summary>
    private static readonly Dictionary<string, string> SpecialTitle = Table(
        "\u00df=Ss \u01c4=\u01c5 \u01c5=\u01c5 \u01c6=\u01c5 \u01c7=\u01c8 \u01c8=\u01c8 \u01c9=\u01c8 \u01ca=\u01cb " +
        "\u01cb=\u01cb \u01cc=\u01cb \u01f1=\u01f2 \u01f2=\u01f2 \u01f3=\u01f2 \u0587=\u0535\u0582 \u1f80=\u1f88 " +
        "\u1f81=\u1f89 \u1f82=\u1f8a \u1f83=\u1f8b \u1f84=\u1f8c \u1f85=\u1f8d \u1f86=\u1f8e \u1f87=\u1f8f " +
        "\u1f88=\u1f88 \u1f89=\u1f89 \u1f8a=\u1f8a \u1f8b=\u1f8b \u1f8c=\u1f8c \u1f8d=\u1f8d \u1f8e=\u1f8e " +
        "\u1f8f=\u1f8f \u1f90=\u1f98 \u1f91=\u1f99 \u1f92=\u1f9a \u1f93=\u1f9b \u1f94=\u1f9c \u1f95=\u1f9d " +
        "\u1f96=\u1f9e \u1f97=\u1f9f \u1f98=\u1f98 \u1f99=\u1f99 \u1f9a=\u1f9a \u1f9b=\u1f9b \u1f9c=\u1f9c " +
        "\u1f9d=\u1f9d \u1f9e=\u1f9e \u1f9f=\u1f9f \u1fa0=\u1fa8 \u1fa1=\u1fa9 \u1fa2=\u1faa \u1fa3=\u1fab " +
        "\u1fa4=\u1fac \u1fa5=\u1fad \u1fa6=\u1fae \u1fa7=\u1faf \u1fa8=\u1fa8 \u1fa9=\u1fa9 \u1faa=\u1faa " +
        "\u1fab=\u1fab \u1fac=\u1fac \u1fad=\u1fad \u1fae=\u1fae \u1faf=\u1faf \u1fb2=\u1fba\u0345 \u1fb3=\u1fbc " +
        "\u1fb4=\u0386\u0345 \u1fb7=\u0391\u0342\u0345 \u1fbc=\u1fbc \u1fc2=\u1fca\u0345 \u1fc3=\u1fcc " +
        "\u1fc4=\u0389\u0345 \u1fc7=\u0397\u0342\u0345 \u1fcc=\u1fcc \u1ff2=\u1ffa\u0345 \u1ff3=\u1ffc " +
        "\u1ff4=\u038f\u0345 \u1ff7=\u03a9\u0342\u0345 \u1ffc=\u1ffc \ufb00=Ff \ufb01=Fi \ufb02=Fl \ufb03=Ffi " +
        "\ufb04=Ffl \ufb05=St \ufb06=St \ufb13=\u0544\u0576 \ufb14=\u0544\u0565 \ufb15=\u0544\u056b \ufb16=\u054e\u0576 " +
        "\ufb17=\u0544\u056d ");

    /// <summary>Ideographs that are numbers; .NET knows the numeric values of all other characters.</summary>
    private const string NumericIdeographs =
        "\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf\u4ec0\u4edf\u4ee8\u4f0d\u4f70" +
        "\u5104\u5146\u5169\u516b\u516d\u5341\u5343\u5344\u5345\u534c\u53c1\u53c2\u53c3\u53c4\u56db\u58f1\u58f9\u5e7a" +
        "\u5efe\u5eff\u5f0c\u5f0d\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621" +
        "\u9646\u964c\u9678\u96f6\U00020001\U00020064\U000200e2\U00020121\U0002092a" +
        "\U00020983\U0002098c\U0002099c\U00020aea\U00020afd\U00020b19\U00022390\U00022998\U00023b1b" +
        "\U0002626d";

    /// <summary>Lower-case characters that are not of category Ll, as first and last of each range.</summary>
    private static readonly int[] OtherLower =
    [
        0xAA, 0xAA, 0xBA, 0xBA, 0x2B0, 0x2B8, 0x2C0, 0x2C1, 0x2E0, 0x2E4, 0x345, 0x345, 0x37A, 0x37A, 0x1D2C, 0x1D6A,
        0x1D78, 0x1D78, 0x1D9B, 0x1DBF, 0x2071, 0x2071, 0x207F, 0x207F, 0x2090, 0x209C, 0x2170, 0x217F, 0x24D0, 0x24E9,
        0x2C7C, 0x2C7D, 0xA69C, 0xA69D, 0xA770, 0xA770, 0xA7F8, 0xA7F9, 0xAB5C, 0xAB5F, 0x10780, 0x10780,
        0x10783, 0x10785, 0x10787, 0x107B0, 0x107B2, 0x107BA,
    ];

    private static readonly int[] OtherUpper = [0x2160, 0x216F, 0x24B6, 0x24CF, 0x1F130, 0x1F149, 0x1F150, 0x1F169, 0x1F170, 0x1F189];

    /// <summary><c>str.upper</c>.</summary>
    public static string Upper(string text) => IsAscii(text) ? text.ToUpperInvariant() : Map(text, UpperOf);

    /// <summary><c>str.lower</c>, with the final form of the Greek sigma at a word's end.</summary>
    public static string Lower(string text)
    {
        if (IsAscii(text))
            return text.ToLowerInvariant();

        StringBuilder lower = new(text.Length);
        foreach ((string character, int offset) in WithOffsets(text))
            lower.Append(LowerAt(text, character, offset));
        return lower.ToString();
    }

    /// <summary><c>str.casefold</c>.</summary>
    public static string Fold(string text) => IsAscii(text) ? text.ToLowerInvariant() : Map(text, FoldOf);

    /// <summary><c>str.capitalize</c>: the first character in title case, the others in lower case.</summary>
    public static string Capitalize(string text) => text.Length == 0 ? text : TitleWords(text, static (_, offset) => offset == 0);

    /// <summary><c>str.title</c>: every letter that follows no letter is in title case.</summary>
    public static string Title(string text)
    {
        bool inWord = false;
        return TitleWords(text, (character, _) => !Swap(ref inWord, IsCased(character)));
    }

    /// <summary><c>str.swapcase</c>.</summary>
    public static string SwapCase(string text)
    {
        StringBuilder swapped = new(text.Length);
        foreach ((string character, int offset) in WithOffsets(text))
            swapped.Append(IsUpper(character) ? LowerAt(text, character, offset) : IsLower(character) ? UpperOf(character) : character);
        return swapped.ToString();
    }

    /// <summary>Whether a character has the property Lowercase.</summary>
    public static bool IsLower(string character) => Category(character) == UnicodeCategory.LowercaseLetter || InRanges(character, OtherLower);

    /// <summary>Whether a character has the property Uppercase.</summary>
    public static bool IsUpper(string character) => Category(character) == UnicodeCategory.UppercaseLetter || InRanges(character, OtherUpper);

    /// <summary>Whether a character is a title-case letter.</summary>
    public static bool IsTitle(string character) => Category(character) == UnicodeCategory.TitlecaseLetter;

    /// <summary>Whether a character is a letter.</summary>
    public static bool IsAlpha(string character) => Category(character) <= UnicodeCategory.OtherLetter;

    /// <summary>Whether a character is a decimal digit of any script.</summary>
    public static bool IsDecimal(string character) => CharUnicodeInfo.GetDecimalDigitValue(character, 0) >= 0;

    /// <summary>Whether a character is a digit, superscript ones included.</summary>
    public static bool IsDigit(string character) => CharUnicodeInfo.GetDigitValue(character, 0) >= 0;

    /// <summary>Whether a character stands for a number.</summary>
    public static bool IsNumeric(string character) =>
        CharUnicodeInfo.GetNumericValue(character, 0) != -1 || NumericIdeographs.Contains(character, StringComparison.Ordinal);

    /// <summary>Whether <c>repr</c> shows a character as it is rather than escaped.</summary>
    public static bool IsPrintable(string character) =>
        character == " " || Category(character) is not (UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>The general category of a text's first code point.</summary>
    public static UnicodeCategory Category(string character) => CharUnicodeInfo.GetUnicodeCategory(character, 0);

    private static bool IsCased(string character) => IsLower(character) || IsUpper(character) || IsTitle(character);

    private static bool IsCaseIgnorable(string character) =>
        Category(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a".Contains(character, StringComparison.Ordinal);

    private static string UpperOf(string character) =>
        SpecialUpper.TryGetValue(character, out string? special) ? special : Simple(character, Rune.ToUpperInvariant);

    private static string TitleOf(string character) =>
        SpecialTitle.TryGetValue(character, out string? special) ? special
        : character[0] is >= '\u10d0' and <= '\u10ff' ? character // Georgian has capitals, but not for titles
        : UpperOf(character);

    private static string FoldOf(string character) => character[0] switch
    {
        '\u0131' => character,
        '\u1e9e' => "ss",
        >= '\u13a0' and <= '\u13f5' => character, // Cherokee folds to capitals
        >= '\u13f8' and <= '\u13fd' => ((char)(character[0] - 8)).ToString(),
        >= '\uab70' and <= '\uabbf' => ((char)(character[0] - 0xAB70 + 0x13A0)).ToString(),
        _ => Map(UpperOf(character), static part => Simple(part, Rune.ToLowerInvariant)),
    };

    private static string LowerAt(string text, string character, int offset) => character switch
    {
        "\u0130" => "i\u0307",
        "\u03a3" => IsFinalSigma(text, offset) ? "\u03c2" : "\u03c3",
        _ => Simple(character, Rune.ToLowerInvariant),
    };

    private static bool IsFinalSigma(string text, int offset)
    {
        int before = offset - 1;
        while (before >= 0 && IsCaseIgnorable(At(text, before)))
            before--;
        if (before < 0 || !IsCased(At(text, before)))
            return false;

        int after = offset + 1;
        while (after < text.Length && IsCaseIgnorable(At(text, after)))
            after++;
        return after >= text.Length || !IsCased(At(text, after));
    }

    /// <summary>The code point that an offset is in, whether at its first or second code unit.</summary>
    private static string At(string text, int offset)
    {
        if (char.IsLowSurrogate(text[offset]) && offset > 0 && char.IsHighSurrogate(text[offset - 1]))
            offset--;
        return text.Substring(offset, PythonText.UnitsAt(text, offset));
    }

    private static string TitleWords(string text, Func<string, int, bool> startsWord)
    {
        StringBuilder title = new(text.Length);
        foreach ((string character, int offset) in WithOffsets(text))
            title.Append(startsWord(character, offset) ? TitleOf(character) : LowerAt(text, character, offset));
        return title.ToString();
    }

    private static bool Swap(ref bool state, bool next)
    {
        bool previous = state;
        state = next;
        return previous;
    }

    private static IEnumerable<(string Character, int Offset)> WithOffsets(string text)
    {
        int offset = 0;
        foreach (string character in PythonText.Characters(text))
        {
            yield return (character, offset);
            offset += character.Length;
        }
    }

    private static string Map(string text, Func<string, string> map) => string.Concat(PythonText.Characters(text).Select(map));

    private static string Simple(string character, Func<Rune, Rune> map) =>
        Rune.TryGetRuneAt(character, 0, out Rune rune) ? map(rune).ToString() : character;

    private static bool InRanges(string character, int[] ranges)
    {
        if (!Rune.TryGetRuneAt(character, 0, out Rune rune))
            return false;

        for (int i = 0; i < ranges.Length; i += 2)
            if (rune.Value >= ranges[i] && rune.Value <= ranges[i + 1])
                return true;
        return false;
    }

    private static bool IsAscii(string text) => Ascii.IsValid(text);

    private static Dictionary<string, string> Table(string pairs) => pairs
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(static pair => pair[..pair.IndexOf('=')], static pair => pair[(pair.IndexOf('=') + 1)..], StringComparer.Ordinal);
}
