using Impetus.Retrieval.Reading.Books;
using Impetus.Retrieval.Reading.Mail;
using Impetus.Retrieval.Reading.Office;
using Impetus.Retrieval.Reading.Pdf;
using Impetus.Retrieval.Reading.PlainText;
using Impetus.Retrieval.Reading.Rtf;
using Impetus.Retrieval.Reading.Web;

namespace Impetus.Retrieval.Reading;

/// <summary>
/// Reads a file in this process. A hostile file can exhaust the stack or the heap of its process, so files that others made are read through
/// <see cref="Worker.ReaderWorker"/>; this class is what its child runs, and fit for tests and files of one's own. Thread-safe.
/// </summary>
public sealed class DocumentReader(ReadingLimits? limits = null) : IDocumentReader
{
    private readonly ReadingLimits _limits = limits ?? ReadingLimits.Default;

    /// <inheritdoc />
    public Task<ExtractedDocument> ReadAsync(ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken = default) =>
        Task.Run(() => Read(content, name, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ReadAsync" />
    public ExtractedDocument Read(ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (content.Length > _limits.FileBytes)
            throw ReadingBudget.FileTooLarge(content.Length, _limits);
        ReadingBudget budget = new(_limits, cancellationToken);
        try
        {
            DocumentKind kind = KindDetector.Detect(content, name, budget);
            DocumentBuilder document = new(kind, budget);
            Dispatch(new SourceFile(content, name, kind, budget), document);
            return document.Build();
        }
        catch (Exception fault) when (fault is not (ReadException or OperationCanceledException or OutOfMemoryException))
        {
            // The formats' libraries throw whatever they trip over: index, cast and null errors mean that the bytes are not what they should be.
            throw ReadException.Damaged(fault is InsufficientExecutionStackException ? "its parts are nested too deeply" : "its parts do not fit together", fault);
        }
    }

    private static void Dispatch(SourceFile file, DocumentBuilder document)
    {
        switch (file.Kind)
        {
            case DocumentKind.Text: PlainTextReader.Read(file, document); break;
            case DocumentKind.Code: PlainTextReader.ReadCode(file, document); break;
            case DocumentKind.Markdown: MarkdownReader.Read(file, document); break;
            case DocumentKind.Csv or DocumentKind.Tsv: DelimitedReader.Read(file, document); break;
            case DocumentKind.Json: JsonReader.Read(file, document); break;
            case DocumentKind.Jsonl: JsonReader.ReadLines(file, document); break;
            case DocumentKind.Xml: XmlTextReader.Read(file, document); break;
            case DocumentKind.Html: HtmlReader.Read(file, document); break;
            case DocumentKind.Eml: EmlReader.Read(file, document); break;
            case DocumentKind.Rtf: RtfReader.Read(file, document); break;
            case DocumentKind.Docx: DocxReader.Read(file, document); break;
            case DocumentKind.Odt: OdtReader.Read(file, document); break;
            case DocumentKind.Pptx: PptxReader.Read(file, document); break;
            case DocumentKind.Xlsx: XlsxReader.Read(file, document); break;
            case DocumentKind.Epub: EpubReader.Read(file, document); break;
            case DocumentKind.Pdf: PdfReader.Read(file, document); break;
            default: throw new ReadException(ReadError.Unsupported, "This format is not supported. Save it as DOCX or PDF and add it again.");
        }
    }
}
