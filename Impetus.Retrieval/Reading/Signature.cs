namespace Impetus.Retrieval.Reading;

/// <summary>What the first bytes of a file say that it is.</summary>
internal enum Signature
{
    /// <summary>No signature: text, or something unknown.</summary>
    None,
    Pdf,
    Rtf,

    /// <summary>A ZIP archive: Office Open XML, OpenDocument, EPUB, or any other.</summary>
    Zip,

    /// <summary>A compound file: Word, Excel and PowerPoint before 2007, and encrypted documents of today.</summary>
    CompoundFile,
    Picture,
    SoundOrVideo,
    Archive,
    Program,
    Database,
}

internal static class Signatures
{
    // PDF readers accept debris before the header within the first kilobyte.
    private const int PdfHeaderWithin = 1024;

    public static Signature Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("{\\rtf"u8))
            return Signature.Rtf;
        if (bytes.StartsWith("PK\x03\x04"u8) || bytes.StartsWith("PK\x05\x06"u8))
            return Signature.Zip;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            return Signature.CompoundFile;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            || bytes.StartsWith("GIF8"u8) || bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || (bytes.StartsWith("BM"u8) && bytes.Length > 10 && bytes[6..10].SequenceEqual("\0\0\0\0"u8))
            || IsRiff(bytes, "WEBP"u8) || IsFtyp(bytes, "heic"u8) || IsFtyp(bytes, "avif"u8) || IsFtyp(bytes, "mif1"u8))
            return Signature.Picture;
        if (bytes.StartsWith("ID3"u8) || bytes.StartsWith("OggS"u8) || bytes.StartsWith("fLaC"u8) || IsRiff(bytes, "WAVE"u8) || IsRiff(bytes, "AVI "u8)
            || (bytes.Length > 12 && bytes[4..8].SequenceEqual("ftyp"u8)) || bytes.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return Signature.SoundOrVideo;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || bytes.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF]) || bytes.StartsWith("Rar!"u8) || bytes.StartsWith("BZh"u8)
            || bytes.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) || bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
            return Signature.Archive;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F']) || bytes.StartsWith((ReadOnlySpan<byte>)[0xCF, 0xFA, 0xED, 0xFE])
            || bytes.StartsWith((ReadOnlySpan<byte>)[0xCA, 0xFE, 0xBA, 0xBE]) || bytes.StartsWith((ReadOnlySpan<byte>)[(byte)'M', (byte)'Z', 0x90, 0]))
            return Signature.Program;
        if (bytes.StartsWith("SQLite format 3\0"u8))
            return Signature.Database;
        return bytes[..Math.Min(bytes.Length, PdfHeaderWithin)].IndexOf("%PDF-"u8) >= 0 ? Signature.Pdf : Signature.None;
    }

    /// <summary>What the file is, to fit after "it is".</summary>
    public static string Describe(Signature signature) => signature switch
    {
        Signature.Pdf => "a PDF",
        Signature.Rtf => "Rich Text",
        Signature.Zip => "a ZIP archive",
        Signature.CompoundFile => "an Office document from before 2007",
        Signature.Picture => "a picture",
        Signature.SoundOrVideo => "sound or video",
        Signature.Archive => "a compressed archive",
        Signature.Program => "a program",
        Signature.Database => "a database",
        _ => "something else",
    };

    private static bool IsRiff(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> form) => bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual(form);

    private static bool IsFtyp(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> brand) => bytes.Length > 12 && bytes[4..8].SequenceEqual("ftyp"u8) && bytes[8..12].SequenceEqual(brand);
}
