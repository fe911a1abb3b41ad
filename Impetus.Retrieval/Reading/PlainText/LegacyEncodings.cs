using System.Text;

namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>
/// Guesses the code page of a text without a mark. Each candidate decodes the bytes; a byte sequence that it does not know rules it out. The rest
/// are judged by how much of what lies beyond ASCII are characters that languages of that code page use most (they are listed from the most frequent
/// on), standing where such characters stand: a small letter after a capital, letters of one script in one word.
/// </summary>
internal static class LegacyEncodings
{
    // Bytes that all pair up as a code page of two bytes a character demands are a sign of it by themselves.
    private const double TwoBytes = 0.08;

    private const int SampleBytes = 1 << 16;

    // Below this, even the best candidate reads like noise.
    private const double LeastScore = 0.25;

    // About how many letters an alphabet has beyond ASCII; ideographs and syllables are not ranked.
    private const double Alphabet = 36;

    /// <param name="Name">Of the code page.</param>
    /// <param name="Letters">What its languages use most, the most frequent first.</param>
    /// <param name="Prior">How much likelier it is than others before a byte is seen.</param>
    private sealed record Candidate(string Name, string Letters, double Prior = 0);

    private const string Typography = "“”‘’„–—…€«»°§·•£©®";
    private const string Russian = "оеаинтсрвлкмдпуяызьбгчйхжшюцщэфъё";
    private const string Japanese = "、。「」・ー々";
    private const string Simplified = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感，。、；：？！（）《》“”";
    private const string Traditional = "的一是了我不人在他有這個上們來到時大地為子中你說生國年著就那和要她出也得裡後自以會家可下而過天去能對小多然於心學麼之都好看起發當沒成只如事把還用第樣道想作種開美總從無情己面最女但現前些所同日手又行意動方期它頭經長兒回位分愛老因很給名法間斯知世什兩次使身者被高已親其進此話常與活正感，。、；：？！（）「」";

    private static readonly Candidate[] Candidates =
    [
        new("windows-1252", "éäöüßñèàçáóíåøæêôâúûîëïùõãìòÄÖÜÉÀÅØÆÇÑ¿¡œŒ½²", Prior: 0.12),
        new("windows-1250", "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäăâîșţôŁŚŻČŘŠŽÁÉ"),
        new("iso-8859-2", "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäăâîŁŚŻČŘŠŽÁÉ"),
        new("macintosh", "éèàçêîôûâëïùñóíáúäöüßåæøãõÉÄÖÜÅœ"),
        new("windows-1254", "ışğüöçİŞĞÜÖÇâî"),
        new("windows-1257", "āēīšąęėžūčļņįųķģõäöüŠŽČĀĒ"),
        new("windows-1251", Russian + "іїєґўјљњћџђѓќ№"),
        new("koi8-r", Russian),
        new("ibm866", Russian),
        new("iso-8859-5", Russian),
        new("windows-1253", "αοιετσνηυρπκμλωςάίόέήύώγδθχβφξζψΑΕΟΤΣΚΠΜ"),
        new("windows-1255", "יוהלאמרתבנשםדעןחקפסכגצטזךץף"),
        new("windows-1256", "اليمونتربةدعكسفهقأحجشطصىخإضذزثءغئظؤآپچگ،؟"),
        new("windows-874", "านรกงอมยเลวดทสตะปบคหแจพชขใไผโณศธซภฉฟฝถ่้ัีิุูื์็"),
        new("gb18030", Simplified, Prior: TwoBytes),
        new("big5", Traditional, Prior: TwoBytes),
        new("shift_jis", Japanese, Prior: TwoBytes),
        new("euc-jp", Japanese, Prior: TwoBytes),
        new("ks_c_5601-1987", "이다는을의에가고은하한로지를도기자사인나리아대그어해서시있수일보정스상라부게것으만", Prior: TwoBytes),
    ];

    static LegacyEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The likeliest code page, or null when none makes sense of the bytes.</summary>
    public static Encoding? Guess(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> sample = Sample(bytes);
        Encoding? best = null;
        double bestScore = LeastScore;
        foreach (Candidate candidate in Candidates)
        {
            Encoding strict = Encoding.GetEncoding(candidate.Name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            if (Decode(strict, sample) is not { } text)
                continue;
            double score = candidate.Prior + Score(text, candidate.Letters);
            if (score > bestScore)
                (best, bestScore) = (strict, score);
        }
        return best is null ? null : Encoding.GetEncoding(best.CodePage);
    }

    // Ends at a line, so that no character of two bytes is cut.
    private static ReadOnlySpan<byte> Sample(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= SampleBytes)
            return bytes;
        int end = bytes[..SampleBytes].LastIndexOfAny((byte)'\n', (byte)' ');
        return bytes[..(end > 0 ? end : SampleBytes)];
    }

    private static string? Decode(Encoding strict, ReadOnlySpan<byte> sample)
    {
        try
        {
            return strict.GetString(sample);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // The mean worth of the characters beyond ASCII: 1 for a frequent one, little for a rare letter, less than nothing for what no text holds.
    private static double Score(string text, string letters)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c < 0x80)
                continue;
            count++;
            sum += Worth(c, letters);
            if (i == 0)
                continue;
            char before = text[i - 1];
            if (char.IsUpper(c) && char.IsLower(before))
                sum -= 1;
            if (char.IsLetter(c) && char.IsLetter(before) && IsLatin(c) != IsLatin(before))
                sum -= 0.5;
        }
        return count == 0 ? 0 : sum / count;
    }

    private static double Worth(char c, string letters)
    {
        int rank = letters.IndexOf(c, StringComparison.Ordinal);
        if (rank >= 0)
            return c >= '\u2E80' ? 1 : 1 - (0.8 * Math.Min(1, rank / Alphabet));
        if (char.IsUpper(c) && letters.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal) is >= 0 and var small)
            return 0.85 - (0.7 * Math.Min(1, small / Alphabet));
        if (Typography.Contains(c, StringComparison.Ordinal))
            return 0.6;
        return c switch
        {
            // Chinese code pages hold kana at the places where the Japanese ones do.
            >= '\u3041' and <= '\u30FE' => letters == Japanese ? 0.9 : 0.1,
            >= '\u3000' and <= '\u303F' or >= '\uFF01' and <= '\uFF5E' => 0.5,
            >= '\uAC00' and <= '\uD7A3' => 0.5,
            >= '\u4E00' and <= '\u9FFF' => 0.45,
            >= '\uFF61' and <= '\uFF9F' => -0.5,
            >= '\uE000' and <= '\uF8FF' or >= '\u0080' and <= '\u009F' => -2,
            >= '\u2500' and <= '\u259F' => -1,
            _ when char.IsSurrogate(c) => -0.5,
            _ when char.IsLetter(c) => 0.1,
            '\u00A0' => 0.3,
            _ => -0.5,
        };
    }

    private static bool IsLatin(char c) => c < '\u0250' && char.IsLetter(c);
}
