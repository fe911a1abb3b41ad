using System.Text.RegularExpressions;
using Impetus.Retrieval.Reading.Office;

namespace Impetus.Retrieval.Reading;

/// <summary>
/// Decides what a file is. A signature in the bytes is believed before the name, and a name that contradicts it is an error, since someone would
/// be surprised later. Among formats without a signature the name decides; without a telling name, the first characters do.
/// </summary>
internal static partial class KindDetector
{
    private const int SniffBytes = 4096;

    /// <exception cref="ReadException">Empty, encrypted, of another type than its name says, or of a format that nobody here reads.</exception>
    public static DocumentKind Detect(ReadOnlyMemory<byte> content, string name, ReadingBudget budget)
    {
        if (content.IsEmpty)
            throw new ReadException(ReadError.Empty, "This file is empty (0 bytes).");
        DocumentKind? claimed = DocumentKinds.FromName(name);
        Signature signature = Signatures.Of(content.Span);
        return signature switch
        {
            Signature.Pdf => Agreed(DocumentKind.Pdf, claimed, name, "a PDF"),
            Signature.Rtf when claimed == DocumentKind.Doc => DocumentKind.Rtf,
            Signature.Rtf => Agreed(DocumentKind.Rtf, claimed, name, "Rich Text"),
            Signature.Zip => OfZip(content, claimed, name, budget),
            Signature.CompoundFile => throw OfCompoundFile(content.Span, claimed, name),
            Signature.None => OfText(content.Span, claimed, name),
            _ when claimed is not null => throw ReadException.WrongType(name, Signatures.Describe(signature)),
            Signature.Picture => throw Unsupported("It is a picture, and text recognition is not available."),
            _ => throw Unsupported($"It is {Signatures.Describe(signature)}, not a document."),
        };
    }

    private static DocumentKind Agreed(DocumentKind found, DocumentKind? claimed, string name, string description) =>
        claimed is null || claimed == found ? found : throw ReadException.WrongType(name, description);

    private static DocumentKind OfZip(ReadOnlyMemory<byte> content, DocumentKind? claimed, string name, ReadingBudget budget)
    {
        using ZipFile zip = ZipFile.Open(content, budget);
        if (OfficePackage.KindOf(zip) is { } found)
            return Agreed(found, claimed == DocumentKind.Doc && found == DocumentKind.Docx ? found : claimed, name, $"a document of the kind {found.Name()}");
        throw claimed is null ? Unsupported("It is a ZIP archive. Unpack it and add the documents in it.") : ReadException.WrongType(name, "a ZIP archive");
    }

    private static ReadException OfCompoundFile(ReadOnlySpan<byte> bytes, DocumentKind? claimed, string name)
    {
        if (CompoundFile.HasStream(bytes, "EncryptedPackage"))
            return ReadException.Encrypted();
        return claimed is null or DocumentKind.Doc or DocumentKind.Docx or DocumentKind.Pptx or DocumentKind.Xlsx
            ? Unsupported("It is an Office document from before 2007. Save it as DOCX, PPTX, XLSX or PDF and add it again.")
            : ReadException.WrongType(name, "an Office document from before 2007");
    }

    private static DocumentKind OfText(ReadOnlySpan<byte> bytes, DocumentKind? claimed, string name)
    {
        switch (claimed)
        {
            case DocumentKind.Pdf or DocumentKind.Docx or DocumentKind.Odt or DocumentKind.Rtf or DocumentKind.Doc or DocumentKind.Pptx or DocumentKind.Xlsx or DocumentKind.Epub:
                if (PlainText.TextDecoder.LooksLikeText(bytes))
                    throw ReadException.WrongType(name, Sniff(bytes) is var kind && kind == DocumentKind.Text ? "plain text" : kind.Name().ToUpperInvariant());
                throw ReadException.WrongType(name, "something else, or damaged from its first byte on");
            case { } kind:
                return kind;
            default:
                return Sniff(bytes);
        }
    }

    private static DocumentKind Sniff(ReadOnlySpan<byte> bytes)
    {
        string start = System.Text.Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, SniffBytes)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (Html().IsMatch(start))
            return DocumentKind.Html;
        if (start.StartsWith("<?xml", StringComparison.Ordinal))
            return DocumentKind.Xml;
        if (Mail().IsMatch(start))
            return DocumentKind.Eml;
        return start.StartsWith('{') || start.StartsWith('[') ? DocumentKind.Json : DocumentKind.Text;
    }

    private static ReadException Unsupported(string why) => new(ReadError.Unsupported, $"This format is not supported. {why}");

    [GeneratedRegex(@"^(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Html();

    // Two header fields of a message, one after the other.
    [GeneratedRegex(@"^(Received|From|To|Subject|Date|Return-Path|Delivered-To|Message-ID|MIME-Version): .*\r?\n(([ \t].*|[A-Za-z-]+: .*)\r?\n)+", RegexOptions.IgnoreCase)]
    private static partial Regex Mail();
}
