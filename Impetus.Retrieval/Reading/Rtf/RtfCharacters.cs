namespace Impetus.Retrieval.Reading.Rtf;

/// <summary>Characters that have a control word, and the code pages of font character sets.</summary>
internal static class RtfCharacters
{
    public static string? Named(string word) => word switch
    {
        "{" or "}" or "\\" => word,
        "~" => "\u00A0",
        "_" => "-",
        "-" => "\u00AD",
        "emdash" => "—",
        "endash" => "–",
        "emspace" or "enspace" or "qmspace" => " ",
        "bullet" => "•",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        _ => null,
    };

    /// <summary>The Windows code page of a <c>\fcharset</c>, or 0 when it says nothing.</summary>
    public static int CodePageOf(int characterSet) => characterSet switch
    {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => 0,
    };
}
