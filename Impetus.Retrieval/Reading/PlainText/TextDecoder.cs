using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>
/// Bytes into characters: a byte order mark is believed first, then what the file declares, then UTF-8 where the bytes allow it, then UTF-16 by
/// the pattern of its zeros, then ISO 2022 by its escapes; what is left is a legacy code page, which can only be guessed (<see cref="LegacyEncodings"/>).
/// </summary>
internal static class TextDecoder
{
    private static readonly SearchValues<byte> DebrisBytes = SearchValues.Create(
        [1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31, 127]);

    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="bytes">The whole text.</param>
    /// <param name="declared">What the file says that its encoding is, or null.</param>
    /// <exception cref="ReadException">The bytes are no text (<see cref="ReadError.Binary"/>).</exception>
    public static (string Text, TextEncoding Encoding) Decode(ReadOnlySpan<byte> bytes, Encoding? declared = null)
    {
        if (FromMark(bytes) is var (marked, length))
            return (marked.GetString(bytes[length..]), new TextEncoding(marked.WebName, Guessed: false));
        if (declared is not null)
            return (declared.GetString(bytes), new TextEncoding(declared.WebName, Guessed: false));
        if (FromZeros(bytes) is { } wide)
            return (wide.GetString(bytes), new TextEncoding(wide.WebName, Guessed: true));
        RefuseBinary(bytes);
        if (bytes.IndexOf("\x1b$"u8) >= 0)
            return (Encoding.GetEncoding("iso-2022-jp").GetString(bytes), new TextEncoding("iso-2022-jp", Guessed: true));
        if (Utf8.IsValid(bytes))
            return (Encoding.UTF8.GetString(bytes), new TextEncoding("utf-8", Guessed: false));
        Encoding guess = MostlyUtf8(bytes) ? Encoding.UTF8 : LegacyEncodings.Guess(bytes) ?? (MostlyAscii(bytes) ? FromLabel("windows-1252")! : throw Binary());
        return (guess.GetString(bytes), new TextEncoding(guess.WebName, Guessed: true));
    }

    /// <summary>Whether the bytes could be text of some encoding.</summary>
    public static bool LooksLikeText(ReadOnlySpan<byte> bytes) => FromMark(bytes) is not null || FromZeros(bytes) is not null || !HasDebris(bytes);

    /// <summary>Says in the document which encoding was used, with a warning when it was a guess.</summary>
    public static string DecodeInto(DocumentBuilder document, ReadOnlySpan<byte> bytes, Encoding? declared = null)
    {
        (string text, TextEncoding encoding) = Decode(bytes, declared);
        document.Encoding = encoding;
        if (encoding.Guessed)
            document.Warn("encoding_guessed", $"This file does not say how its characters are encoded; it was read as {encoding.Name}. If the text looks wrong, save the file as UTF-8 and add it again.");
        return text;
    }

    /// <summary>The encoding of a label as the web uses it: Latin-1 and ASCII mean windows-1252, GB 2312 means its superset, and so on; null when unknown.</summary>
    public static Encoding? FromLabel(string label)
    {
        string name = label.Trim().Trim('"', '\'').ToLowerInvariant() switch
        {
            "iso-8859-1" or "iso8859-1" or "latin1" or "latin-1" or "l1" or "us-ascii" or "ascii" or "cp1252" or "x-cp1252" => "windows-1252",
            "iso-8859-9" or "latin5" => "windows-1254",
            "iso-8859-11" or "tis-620" => "windows-874",
            "gb2312" or "gbk" or "x-gbk" or "gb_2312-80" or "cp936" => "gb18030",
            "shift-jis" or "sjis" or "x-sjis" or "ms_kanji" or "windows-31j" or "cp932" => "shift_jis",
            "ks_c_5601-1987" or "euc-kr" or "ksc5601" or "windows-949" or "cp949" => "ks_c_5601-1987",
            "big5-hkscs" or "cn-big5" or "x-x-big5" => "big5",
            "utf8" or "unicode-1-1-utf-8" => "utf-8",
            // A label that was itself read as single bytes cannot be right about UTF-16: the HTML standard reads such files as UTF-8.
            "utf-16" or "utf-16le" or "utf-16be" or "utf-7" => "utf-8",
            { Length: > 2 } windows when windows.StartsWith("cp12", StringComparison.Ordinal) => "windows-" + windows[2..],
            string other => other,
        };
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static (Encoding, int)? FromMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] when bytes.Length % 4 == 0 => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        [0x84, 0x31, 0x95, 0x33, ..] => (Encoding.GetEncoding("gb18030"), 4),
        _ => null,
    };

    // Text in UTF-16 has spaces, digits or line ends in any script: their zero bytes all stand on one side.
    private static Encoding? FromZeros(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> sample = bytes[..Math.Min(bytes.Length, 1 << 16)];
        int even = 0, odd = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            if (sample[i] != 0)
                continue;
            if (i % 2 == 0)
                even++;
            else
                odd++;
        }
        if (bytes.Length % 2 != 0 || even + odd < sample.Length / 50 + 1 || Math.Min(even, odd) * 20 > Math.Max(even, odd))
            return null;
        Encoding encoding = odd > even ? Encoding.Unicode : Encoding.BigEndianUnicode;
        string text = encoding.GetString(sample);
        int odds = text.Count(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t') || c == '\uFFFD');
        return odds * 50 > text.Length ? null : encoding;
    }

    // A cut character at the end or a stray byte in a log does not make UTF-8 a legacy code page: those have no runs that UTF-8 would allow.
    private static bool MostlyUtf8(ReadOnlySpan<byte> bytes)
    {
        int whole = 0, broken = 0;
        while (bytes.Length > 0)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out _, out int used);
            if (status == OperationStatus.Done && used > 1)
                whole++;
            else if (status != OperationStatus.Done)
                broken++;
            bytes = bytes[used..];
        }
        return whole >= 10 * broken;
    }

    // Whatever code page the few other bytes are of, the text can be read.
    private static bool MostlyAscii(ReadOnlySpan<byte> bytes)
    {
        int high = 0;
        foreach (byte b in bytes)
            high += b >> 7;
        return high < bytes.Length / 5;
    }

    private static void RefuseBinary(ReadOnlySpan<byte> bytes)
    {
        if (HasDebris(bytes))
            throw Binary();
    }

    // More control characters than a text could hold by accident.
    private static bool HasDebris(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> sample = bytes[..Math.Min(bytes.Length, 1 << 16)];
        int debris = 0;
        foreach (byte b in sample)
            debris += b == 0 ? 4 : DebrisBytes.Contains(b) ? 1 : 0;
        return debris > sample.Length / 50;
    }

    private static ReadException Binary() =>
        new(ReadError.Binary, "This file is not text. If it is a document, give it the extension of its format and add it again.");
}
