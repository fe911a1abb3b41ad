namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>Plain text and source code: the characters as they stand.</summary>
internal static class PlainTextReader
{
    public static void Read(SourceFile file, DocumentBuilder document) => document.Plain(TextDecoder.DecodeInto(document, file.Bytes));

    public static void ReadCode(SourceFile file, DocumentBuilder document)
    {
        document.Metadata("language", SourceLanguages.FromName(file.Name));
        document.Code(TextDecoder.DecodeInto(document, file.Bytes));
    }
}
