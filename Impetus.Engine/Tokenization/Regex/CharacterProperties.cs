using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>The sets behind <c>\p{Name}</c> and <c>[:name:]</c>.</summary>
internal static class CharacterProperties
{
    private static readonly Dictionary<string, string> LongNames = new(StringComparer.Ordinal)
    {
        ["letter"] = "L",
        ["uppercaseletter"] = "Lu",
        ["lowercaseletter"] = "Ll",
        ["titlecaseletter"] = "Lt",
        ["modifierletter"] = "Lm",
        ["otherletter"] = "Lo",
        ["mark"] = "M",
        ["combiningmark"] = "M",
        ["nonspacingmark"] = "Mn",
        ["spacingmark"] = "Mc",
        ["enclosingmark"] = "Me",
        ["number"] = "N",
        ["decimalnumber"] = "Nd",
        ["letternumber"] = "Nl",
        ["othernumber"] = "No",
        ["punctuation"] = "P",
        ["connectorpunctuation"] = "Pc",
        ["dashpunctuation"] = "Pd",
        ["openpunctuation"] = "Ps",
        ["closepunctuation"] = "Pe",
        ["initialpunctuation"] = "Pi",
        ["finalpunctuation"] = "Pf",
        ["otherpunctuation"] = "Po",
        ["symbol"] = "S",
        ["mathsymbol"] = "Sm",
        ["currencysymbol"] = "Sc",
        ["modifiersymbol"] = "Sk",
        ["othersymbol"] = "So",
        ["separator"] = "Z",
        ["spaceseparator"] = "Zs",
        ["lineseparator"] = "Zl",
        ["paragraphseparator"] = "Zp",
        ["other"] = "C",
        ["control"] = "Cc",
        ["format"] = "Cf",
        ["privateuse"] = "Co",
        ["alphabetic"] = "alpha",
        ["uppercase"] = "upper",
        ["lowercase"] = "lower",
        ["digit"] = "Nd",
        ["cntrl"] = "Cc",
    };

    private static readonly Dictionary<string, string> Names = UnicodeData.SetNames
        .Where(n => !n.Contains('.', StringComparison.Ordinal) && n is not ("Numeric" or "Punctuation" or "BertControl" or "BertMark" or "CombiningMark" or "NoComposition"))
        .ToDictionary(Squeeze, n => n, StringComparer.Ordinal);

    /// <summary>The set of that name, spaces, hyphens, underscores and case ignored; null when unknown.</summary>
    public static CodePointSet? Find(string name)
    {
        string squeezed = Squeeze(name);
        return squeezed switch
        {
            "any" => CodePointSet.All,
            "ascii" => CodePointSet.Range(0, 0x7F),
            "space" or "whitespace" => UnicodeData.Whitespace,
            "blank" => UnicodeData.Set("Zs").Union(CodePointSet.Of('\t')),
            "alnum" => UnicodeData.Set("alpha").Union(UnicodeData.Set("Nd")),
            "xdigit" => HexDigits,
            _ when LongNames.TryGetValue(squeezed, out var known) => UnicodeData.Set(known),
            _ when Names.TryGetValue(squeezed, out var known) => UnicodeData.Set(known),
            _ => null,
        };
    }

    public static CodePointSet HexDigits { get; } =
        CodePointSet.Range('0', '9').Union(CodePointSet.Range('A', 'F')).Union(CodePointSet.Range('a', 'f'));

    private static string Squeeze(string name) =>
        string.Concat(name.Where(c => c is not (' ' or '-' or '_'))).ToLowerInvariant();
}
